import { OperationKind } from './operation';

/**
 * Who did something, within a sentence: nobody reads `automatic` as a name.
 *
 * @public
 */
export function actorOf(by: string): string {
  return by === 'automatic' ? 'the portal itself' : by;
}

/**
 * Who did something, at the beginning of a sentence, see {@link actorOf}.
 *
 * @public
 */
export function subjectOf(by: string): string {
  return by === 'automatic' ? 'The portal itself' : by;
}

/**
 * What an operation is called within a sentence, after "a".
 *
 * @public
 */
export const operationNouns: Record<OperationKind, string> = {
  rollback: 'rollback',
  redeploy: 'redeployment',
  restart: 'restart',
  rerun: 're-run of failed jobs',
  'rerun-tests': 'run of the integration tests',
  'force-deploy': 'forced deployment',
  promote: 'promotion',
  canary: 'move of a canary',
};
