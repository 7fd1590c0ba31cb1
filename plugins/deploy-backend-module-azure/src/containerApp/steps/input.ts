import { JsonObject } from '@backstage/types';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';

/** The revision in a stored step. */
export function revisionIn(input: JsonObject): string {
  const { revision } = input;
  if (typeof revision !== 'string') {
    throw new TargetError(
      'invalid',
      'The stored step names no revision: another version of the portal planned it.',
      { remedy: 'Start the operation again.' },
    );
  }
  return revision;
}

/** How long a revision may take to become healthy, in a stored step. */
export function readySecondsIn(input: JsonObject): number {
  const { readySeconds } = input;
  return typeof readySeconds === 'number' ? readySeconds : 300;
}
