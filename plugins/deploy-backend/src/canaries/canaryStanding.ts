import {
  CanaryState,
  Failure,
  isCanaryOver,
  PromotionInput,
} from '@vvp/backstage-plugin-deploy-common';

/** What a canary means to its promotion. */
export type CanaryStanding =
  /** There is none, or it is done. */
  | { state: 'none' }
  /** It is under way, or about to begin. */
  | { state: 'open' }
  | { state: 'aborting' }
  | { state: 'aborted'; by?: string; text: string }
  | { state: 'failed'; failure: Failure };

/** How a canary stands. */
export function canaryStanding({
  phase,
  replaced,
  ending,
  troubles,
}: CanaryState): CanaryStanding {
  if (!isCanaryOver({ phase })) {
    return { state: phase === 'aborting' ? 'aborting' : 'open' };
  }
  switch (phase) {
    case 'aborted':
      return replaced
        ? { state: 'none' }
        : {
            state: 'aborted',
            ...(ending?.by && { by: ending.by }),
            text: ending
              ? `Its canary was aborted${
                  ending.by ? ` by ${ending.by}` : ''
                }: ${ending.why}`
              : 'Its canary was aborted.',
          };
    case 'failed':
      return {
        state: 'failed',
        failure: {
          message: `Its canary could be moved neither way. ${
            troubles.at(-1) ?? ''
          }`.trim(),
          remedy:
            'Look at the platform who gets the traffic, and roll back if the release has to go.',
        },
      };
    default:
      return { state: 'none' };
  }
}

/**
 * What a promotion that is on its way is told, with regard to its canary: it is in place only once it has
 * all of the traffic, and what becomes of a run that a way back stops is no failure of the promotion.
 *
 * @param told - what it would be told without one
 */
export function withCanary(
  standing: CanaryStanding,
  told: PromotionInput | undefined,
  at: string,
): PromotionInput | undefined {
  if (told?.type === 'rolled-back') {
    return told;
  }
  switch (standing.state) {
    case 'open':
      return told?.type === 'deployed' || told?.type === 'verified'
        ? undefined
        : told;
    case 'aborting':
      return undefined;
    case 'aborted':
      return {
        type: 'rolled-back',
        at,
        ...(standing.by && { by: standing.by }),
        text: standing.text,
      };
    case 'failed':
      return { type: 'fail', at, failure: standing.failure };
    default:
      return told;
  }
}
