import { Failure, PromotionStatus, undecidedStatuses } from '../model';

/**
 * A promotion that is under way in the environment that another is asked for.
 *
 * @public
 */
export interface RivalPromotion {
  id: string;
  status: PromotionStatus;
  /**
   * Its release compared with the one that is asked for now. `unrelated`: neither holds the other;
   * `unknown`: it could not be told.
   */
  relation: 'older' | 'same' | 'newer' | 'unrelated' | 'unknown';
}

/**
 * What becomes of the promotions of an environment when another is asked for.
 *
 * @public
 */
export type SupersedePlan =
  /** One of the same release is under way: that is the one. */
  | { existing: string }
  /** A newer release was asked for before. */
  | { refusal: Failure; newer: string }
  /** It may be asked for; these end, each with `text` in its history. */
  | { supersede: string[]; text: string };

/**
 * Decides what a request does to the other promotions of its environment. A newer release ends older ones
 * that are not let through yet; what is on its way is never touched. Releases of which neither holds the
 * other stay beside each other.
 *
 * @param release - what the release is called in a sentence: version, or first digits of the commit
 * @param rivals - the active promotions of the environment
 * @public
 */
export function planSupersede(
  release: string,
  rivals: readonly RivalPromotion[],
): SupersedePlan {
  const same = rivals.find(({ relation }) => relation === 'same');
  if (same) {
    return { existing: same.id };
  }
  const newer = rivals.find(({ relation }) => relation === 'newer');
  if (newer) {
    return {
      newer: newer.id,
      refusal: {
        message: `A newer release than ${release} was asked for already: promotion ${newer.id}.`,
        remedy: `Follow that one, or cancel it before you ask for ${release}. To go back to an earlier release, roll back.`,
      },
    };
  }
  return {
    supersede: rivals
      .filter(
        ({ relation, status }) =>
          relation === 'older' && undecidedStatuses.includes(status),
      )
      .map(({ id }) => id),
    text: `A newer release was asked for: ${release}.`,
  };
}
