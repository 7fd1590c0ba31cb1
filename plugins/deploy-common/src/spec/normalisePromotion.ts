import { FromSchema } from 'json-schema-to-ts';
import { parseDuration } from '../gates/duration';
import { PromotionOrder } from '../promotion/policy';
import { promotionSchema } from './promotionSchema';
import { HotfixSettings, PromotionSettings } from './promotionSettings';

/** A policy as it is written. */
export type PromotionDocument = FromSchema<typeof promotionSchema>;

/** What it says of hotfixes, as it is written. */
export type HotfixDocument = Exclude<
  NonNullable<PromotionDocument['hotfix']>,
  boolean
>;

/** Seconds of a duration as it is written, or of `0`; the schema lets nothing else through. */
export function secondsOf(duration: string | number): number {
  return typeof duration === 'number' ? duration : parseDuration(duration) ?? 0;
}

/** Puts a valid policy in order; only what is written stands in it. */
export function normalisePromotion(
  document: PromotionDocument,
): PromotionSettings {
  const { automatic, seam, hotfix } = document;
  return {
    ...sharedSettings(document),
    ...(automatic !== undefined && { automatic }),
    ...(seam && { seam }),
    ...(hotfix !== undefined && {
      hotfix: typeof hotfix === 'boolean' ? false : sharedSettings(hotfix),
    }),
  };
}

function sharedSettings(document: HotfixDocument): HotfixSettings {
  const { approvals, selfApproval, order, soak, refs, expiresAfter } = document;
  return {
    ...(approvals && {
      approvals: approvals.map(({ from, required = 1 }) => ({
        ...(from && { from: from.map(ref => ref.toLocaleLowerCase('en-US')) }),
        required,
      })),
    }),
    ...(selfApproval !== undefined && { selfApproval }),
    // The schema lets no other word through.
    ...(order !== undefined && { order: order as PromotionOrder }),
    ...(soak !== undefined && { soakSeconds: secondsOf(soak) }),
    ...(refs && { refs: { ...refs } }),
    ...(expiresAfter !== undefined && {
      expiresAfterSeconds: secondsOf(expiresAfter),
    }),
  };
}

/**
 * The later settings replace the earlier ones key by key, those of a hotfix, too. A hotfix that an earlier
 * place forbids is let in again by a later one that says what it takes.
 *
 * @public
 */
export function mergePromotion(
  settings: readonly (PromotionSettings | undefined)[],
): PromotionSettings {
  return settings.reduce<PromotionSettings>((before, later) => {
    if (!later?.hotfix || !before.hotfix) {
      return { ...before, ...later };
    }
    return {
      ...before,
      ...later,
      hotfix: { ...before.hotfix, ...later.hotfix },
    };
  }, {});
}
