import { voiceProblem } from '@vvp/backstage-plugin-deploy-common';
import { Judged } from './ReadinessDesk';
import { StoredPromotion } from './rows';

/** Stands for whoever has `deploy.approve`. */
export const ANYBODY = '*';

/** In front of somebody whose voice is not asked for although anybody's is. */
export const NOT = '!';

/**
 * Whose voice a promotion still waits for, as it is kept to be searched: entity refs of users, or
 * {@link ANYBODY} with those left out behind a {@link NOT}.
 */
export function approversOf(
  judged: Pick<Judged, 'approvals' | 'facts'>,
  promotion: Pick<StoredPromotion, 'state'>,
): string[] {
  const { pools, involved } = judged.facts;
  const spoken = promotion.state.voices
    .filter(({ lapsed }) => !lapsed)
    .map(({ by }) => by);
  const refs = judged.approvals.flatMap(({ required, approvers }, rule) => {
    if (approvers.length >= required) {
      return [];
    }
    return pools[rule]?.users ?? [ANYBODY];
  });
  const asked = refs.filter(
    ref =>
      ref === ANYBODY ||
      (!spoken.includes(ref) && voiceProblem(judged.facts, ref) === undefined),
  );
  if (!asked.includes(ANYBODY)) {
    return [...new Set(asked)];
  }
  const people = [
    ...spoken,
    ...involved.authors,
    ...(involved.requester ? [involved.requester] : []),
  ].filter(
    ref =>
      spoken.includes(ref) || voiceProblem(judged.facts, ref) !== undefined,
  );
  return [...new Set([...asked, ...people.map(ref => `${NOT}${ref}`)])];
}
