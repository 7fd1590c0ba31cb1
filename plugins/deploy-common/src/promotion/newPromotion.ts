import { PromotionEvent } from '../model';
import { PromotionPolicy } from './policy';
import { PromotionState } from './types';

/**
 * A promotion as it is when it was asked for: `gated`, until it is looked at for the first time.
 *
 * @param request - `at` in ISO 8601; `by` as in {@link PromotionEvent}; `reason` as a person wrote it
 * @public
 */
export function newPromotion(request: {
  at: string;
  by: string;
  policy: Pick<PromotionPolicy, 'class' | 'expiresAfterSeconds'>;
  reason?: string;
}): { state: PromotionState; events: Omit<PromotionEvent, 'sequence'>[] } {
  const { at, by, policy, reason } = request;
  const end = Date.parse(at) + policy.expiresAfterSeconds * 1000;
  const hotfix = policy.class === 'hotfix' ? ', as a hotfix' : '';
  return {
    state: {
      status: 'gated',
      requestedBy: by,
      voices: [],
      overridden: [],
      expiresAt: new Date(end).toISOString(),
    },
    events: [
      {
        at,
        by,
        type: 'requested',
        text:
          by === 'automatic'
            ? `The policy of the environment asked for this promotion${hotfix}.`
            : `${by} asked for this promotion${hotfix}.`,
        ...(reason !== undefined && { comment: reason }),
      },
    ],
  };
}
