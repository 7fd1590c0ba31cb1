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

/**
 * Whether a gate says nothing yet because what it asks can only be measured once the release is in the environment.
 *
 * @public
 */
export function awaitsDeployment(
  result: Pick<GateResult, 'state' | 'afterDeployment' | 'evidenceIds'>,
): boolean {
  return result.state === 'pending' && !holdsEntry(result);
}
