import { GateResult } from '../model';

/**
 * Whether a gate has a say before the release is in the environment. What is measured in the environment
 * itself can only be known once the release runs there: as long as nothing was, it holds nothing up. It
 * does once the release was there and did not prove good.
 *
 * @public
 */
export function holdsEntry({
  state,
  afterDeployment,
  evidenceIds,
}: Pick<GateResult, 'state' | 'afterDeployment' | 'evidenceIds'>): boolean {
  return state !== 'none' && !(afterDeployment && evidenceIds.length === 0);
}
