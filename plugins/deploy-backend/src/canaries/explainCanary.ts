import {
  CanaryState,
  isCanaryOver,
  Permitted,
  Promotion,
  whyNotAsked,
} from '@vvp/backstage-plugin-deploy-common';

/** What somebody may do with a canary now, and why not; nothing where none is under way. */
export function explainCanary(
  state: CanaryState,
  caller: { isPerson: boolean; mayPromote: boolean; mayRollBack: boolean },
): Pick<Promotion, 'mayPause' | 'mayContinue' | 'mayAbort'> {
  if (!state.began || isCanaryOver(state)) {
    return {};
  }
  const permitted = (
    verb: 'pause' | 'continue' | 'abort',
    allowed: boolean,
    permission: string,
  ): Permitted => {
    if (!caller.isPerson) {
      return { allowed: false, why: 'Only people decide about promotions.' };
    }
    if (!allowed) {
      return {
        allowed: false,
        why: `This needs the permission ${permission} for this environment.`,
      };
    }
    const refusal = whyNotAsked(state, verb);
    return refusal
      ? {
          allowed: false,
          why: [refusal.message, refusal.remedy].filter(Boolean).join(' '),
        }
      : { allowed: true };
  };
  return {
    mayPause: permitted('pause', caller.mayPromote, 'deploy.promote'),
    mayContinue: permitted('continue', caller.mayPromote, 'deploy.promote'),
    mayAbort: permitted('abort', caller.mayRollBack, 'deploy.rollback'),
  };
}
