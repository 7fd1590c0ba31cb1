import { Seam } from '@vvp/backstage-plugin-deploy-common';
import { AskedQuestion, Concern, Dispatch } from '../protection/types';

/** Who decides about a service of a run that asks, by what the run was started for. */
export type WayIn =
  /** A promotion that waits for the run. */
  | { by: 'promotion' }
  /** The promotion that the portal started the run for, and no other. */
  | { by: 'dispatch' }
  /**
   * The operation that the portal started the run for, which was admitted. `unless`: why not, unless the release
   * runs there already. `isUndoing`: it puts back what it changed.
   */
  | { by: 'operation'; unless?: string; isUndoing?: boolean }
  /** Nobody may, or not yet; a whole sentence for people. */
  | { by: 'nobody'; decision: 'wait' | 'reject'; why: string };

const over = 'The operation that started this run is over.';

/**
 * What a run brings is known only of those that say so by their commit. Of what is started by hand GitHub tells the
 * head of a branch, whatever its inputs say: where the portal starts what it lets in, nothing else goes in.
 *
 * @param seam - of the environment's policy now; undefined where that is not known
 */
export function wayInOf(
  { dispatch }: Pick<AskedQuestion, 'dispatch'>,
  concern: Pick<Concern, 'environmentId' | 'commit' | 'environment'>,
  seam: Seam | undefined,
): WayIn {
  if (dispatch === 'unsure') {
    return {
      by: 'nobody',
      decision: 'wait',
      why: 'The portal is starting a run at this moment, and GitHub has not told it yet whether this is the one. It is looked at again in a moment.',
    };
  }
  const ask = `Into ${concern.environment} goes only what the portal starts itself for a promotion ("seam: dispatch"), as nobody can tell what another run brings. Ask for the promotion in the portal: it starts the workflow once the promotion is approved.`;
  const isGuarded = seam === 'dispatch';
  if (!dispatch) {
    return isGuarded ? reject(ask) : { by: 'promotion' };
  }
  const { kind, status, promotionId, isUndoing } = dispatch;
  if (kind !== 'promote' && kind !== 'rollback' && !isGuarded) {
    return { by: 'promotion' };
  }
  if (
    dispatch.environmentId !== concern.environmentId ||
    dispatch.commit !== concern.commit
  ) {
    return reject(
      'The portal started this run for another service or environment, so that nobody asked for what it would bring here. Let the workflow deploy only what its inputs name.',
    );
  }
  if (isOver(dispatch)) {
    return reject(over);
  }
  if (kind === 'promote') {
    return promotionId
      ? { by: 'dispatch' }
      : reject('The promotion that started this run is not known any more.');
  }
  if (status !== 'running') {
    return reject(over);
  }
  return {
    by: 'operation',
    ...(kind !== 'rollback' && { unless: ask }),
    ...(isUndoing && { isUndoing }),
  };
}

/** Nobody follows what the run does from here on, such as one that is run again at GitHub. */
export function isOver({
  status,
  hasEnded,
}: Pick<Dispatch, 'status' | 'hasEnded'>): boolean {
  return hasEnded === true || status === 'failed' || status === 'cancelled';
}

function reject(why: string): WayIn {
  return { by: 'nobody', decision: 'reject', why };
}
