import {
  EnvironmentTier,
  HotfixSettings,
  mergePromotion,
  PromotionClass,
  PromotionPolicy,
  PromotionSettings,
} from '@vvp/backstage-plugin-deploy-common';
import { matches } from '../../gates/configuredGatesFor';
import { GateMatch } from '../../gates/readGateConfig';
import { ConfiguredPromotion } from './readPromotionConfig';
import { withFloor } from './withFloor';

/** A service in an environment. */
export type PromotedPlace = Omit<GateMatch, 'entity' | 'tier'> & {
  entityRef: string;
  environment: string;
  tier: EnvironmentTier;
  /** How many of the service's environments come before. */
  earlier: number;
};

/** Why no promotion of a class is let in; whole sentences. */
export interface PolicyRefusal {
  refusal: string;
}

const WEEK_SECONDS = 7 * 24 * 60 * 60;

function defaultsOf(tier: EnvironmentTier): Omit<PromotionPolicy, 'class'> {
  const matters = tier === 'production';
  return {
    approvals: matters ? [{ required: 1 }] : [],
    selfApproval: false,
    order: matters ? 'previous' : 'none',
    soakSeconds: 0,
    automatic: false,
    expiresAfterSeconds: WEEK_SECONDS,
    seam: 'protection-rule',
  };
}

/**
 * The policy of a service in an environment: what deploy.yaml says, else the entries of app-config that are
 * not required, the later ones first, else what is set for the tier; and no less than each required entry.
 * Approvals that only the tier's default asks for are left out where a required entry names its own.
 *
 * @param own - What deploy.yaml says there.
 */
export function promotionPolicyFor(
  place: PromotedPlace,
  configured: readonly ConfiguredPromotion[],
  own: PromotionSettings | undefined,
  kind: PromotionClass,
): PromotionPolicy | PolicyRefusal {
  const { earlier, ...rest } = place;
  const entries = configured.filter(each => matches(each.match, rest));
  const said = mergePromotion([
    ...entries.filter(({ required }) => !required).map(each => each.policy),
    own,
  ]);
  const floors = entries
    .filter(({ required }) => required)
    .map(each => each.policy);
  if (kind === 'hotfix' && [said, ...floors].some(isWithoutHotfix)) {
    return {
      refusal: isWithoutHotfix(said)
        ? `Hotfixes are not let into ${place.environment}. Request a regular promotion, or allow them with promotion.hotfix in deploy.yaml.`
        : `The portal does not let hotfixes into ${place.environment}. Request a regular promotion.`,
    };
  }
  const { hotfix: _, ...settings } = settingsFor(said, kind);
  const demands = floors.map(floor => settingsFor(floor, kind));
  const defaults = defaultsOf(place.tier);
  const isSaid =
    settings.approvals || demands.some(({ approvals }) => approvals?.length);
  const policy: PromotionPolicy = {
    ...defaults,
    ...(isSaid && { approvals: [] }),
    ...settings,
    class: kind,
    // A hotfix is what a person asks for.
    ...(kind === 'hotfix' && { automatic: false }),
  };
  return demands.reduce(
    (before, demand) => withFloor(before, demand, earlier),
    policy,
  );
}

function isWithoutHotfix(settings: PromotionSettings): boolean {
  return settings.hotfix === false;
}

/** What a hotfix has of its own comes over the rest. */
function settingsFor(
  settings: PromotionSettings,
  kind: PromotionClass,
): PromotionSettings {
  const own: HotfixSettings =
    kind === 'hotfix' && settings.hotfix ? settings.hotfix : {};
  return {
    ...settings,
    // Without an order there is nowhere to soak.
    ...(own.order === 'none' && { soakSeconds: 0 }),
    ...own,
  };
}
