import { CanaryPhase } from '../model';
import { CanaryState, CanaryStep } from './types';

const over: readonly CanaryPhase[] = ['done', 'aborted', 'failed'];

/**
 * Whether nothing follows any more.
 *
 * @public
 */
export function isCanaryOver({ phase }: Pick<CanaryState, 'phase'>): boolean {
  return over.includes(phase);
}

/**
 * What has to be begun now; undefined: nothing, or it is on its way. While the pipeline's job moves the
 * traffic nothing is done but the way back.
 *
 * @public
 */
export function canaryTodo({
  step,
  lead,
}: Pick<CanaryState, 'step' | 'lead'>): CanaryStep | undefined {
  if (!step || step.operationId !== undefined) {
    return undefined;
  }
  return step.kind === 'abort' || lead === 'portal' ? step.kind : undefined;
}
