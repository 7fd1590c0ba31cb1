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
  judged: Pick<Judged, 'approvals' | 'facts' | 'standing'>,
  promotion: Pick<StoredPromotion, 'state' | 'seam'>,
): string[] {
  const { pools, involved } = judged.facts;
  const isToBeLetIn = waitsForPress(judged, promotion);
  // Whoever approved may be the one who lets it in.
  const spoken = isToBeLetIn
    ? []
    : promotion.state.voices
        .filter(({ lapsed }) => !lapsed)
        .map(({ by }) => by);
  const refs = judged.approvals.flatMap(({ required, approvers }, rule) => {
    if (approvers.length >= required && !isToBeLetIn) {
      return [];
    }
    return pools[rule]?.users ?? [ANYBODY];
  });
  if (isToBeLetIn && judged.approvals.length === 0) {
    refs.push(ANYBODY);
  }
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

/** Where GitHub waits for a person, and nothing else is missing. */
function waitsForPress(
  { standing }: Pick<Judged, 'standing'>,
  { seam }: Pick<StoredPromotion, 'seam'>,
): boolean {
  const { fit, approved, clear } = standing;
  return seam === 'review' && fit && approved && clear;
}
