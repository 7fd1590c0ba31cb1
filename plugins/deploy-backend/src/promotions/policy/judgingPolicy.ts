import {
  EnvironmentTier,
  mergeStricter,
  PolicyChange,
  PromotionClass,
  PromotionOrder,
  PromotionPolicy,
  weakenings,
} from '@vvp/backstage-plugin-deploy-common';
import { guessTier } from '../../mapping/guessTier';
import { stricterTier } from '../../targets/twinBefore';
import { digestOf, PolicyDemand } from './policyDemand';
import {
  PolicyRefusal,
  PromotedPlace,
  promotionPolicyFor,
} from './promotionPolicyFor';
import { ConfiguredPromotion } from './readPromotionConfig';

/** The policy that judges promotions of a class into an environment. */
export interface JudgingPolicy {
  policy: PromotionPolicy;
  /** Present where deploy.yaml asks less than what is in force. */
  change?: PolicyChange;
  /** Digest of what deploy.yaml asks now. */
  terms: string;
  /** Names of the environments that `order` is about, in order from the first stop. */
  earlier: string[];
}

/** A place, without what a demand says of it. */
export type JudgedPlace = Omit<PromotedPlace, 'tier' | 'earlier'>;

/** Beyond any file that is not written to fill the table. */
const MAX_DEMANDS = 50;

type Ask = (
  demand: PolicyDemand,
  kind: PromotionClass,
) => PromotionPolicy | PolicyRefusal;

/**
 * What judges: all that is in force and what deploy.yaml asks now, together. Whoever changes deploy.yaml in
 * the push that brings the release does not decide what it has to meet.
 *
 * @param now - What deploy.yaml asks.
 * @param inForce - What was in force when the last release was let in, and what was added since.
 * @param overridden - Ids of conditions that somebody let pass; that of the change lets `now` hold alone.
 */
export function judgingPolicy(
  options: {
    place: JudgedPlace;
    configured: readonly ConfiguredPromotion[];
    now: PolicyDemand;
    inForce: readonly PolicyDemand[];
  },
  kind: PromotionClass,
  overridden: readonly string[] = [],
): JudgingPolicy | PolicyRefusal {
  const { place, now, inForce } = options;
  const ask: Ask = (demand, one) => policyUnder(demand, options, one);
  const asked = ask(now, kind);
  const terms = digestOf(now);
  if ('refusal' in asked) {
    return asked;
  }
  const alone = { policy: asked, terms, earlier: now.earlier };
  const others = inForce.filter(demand => digestOf(demand) !== terms);
  if (others.length === 0) {
    return alone;
  }
  const before = all(
    others.map(demand => ask(demand, kind)),
    now.earlier.length,
  );
  if ('refusal' in before) {
    return {
      refusal: `Hotfixes are not let into ${place.environment} by the policy that is in force there; deploy.yaml changed since. Request a regular promotion: what deploy.yaml says now holds once a release is let in.`,
    };
  }
  const weaker = weakerThan(others, now, ask, kind);
  const change: Pick<JudgingPolicy, 'change'> =
    weaker.length > 0
      ? {
          change: {
            id: digestOf(now, ...others).slice(0, 12),
            weaker,
            people: [
              ...new Set(before.approvals.flatMap(({ from }) => from ?? [])),
            ],
          },
        }
      : {};
  if (change.change && overridden.includes(changeCondition(change.change))) {
    return { ...alone, ...change };
  }
  const earlier = union(now.earlier, others);
  const both = mergeStricter(before, asked, earlier.length);
  const isOtherOrder = others.some(other =>
    laxerPlaces(before.order, other, now),
  );
  return {
    policy: {
      ...both,
      order: both.order !== 'none' && isOtherOrder ? 'all' : both.order,
      // How the pipeline is held is no demand: it is as the pipeline is now.
      seam: asked.seam,
    },
    ...change,
    terms,
    earlier,
  };
}

/** Id of the condition that tells of a change. */
function changeCondition({ id }: PolicyChange): string {
  return `spec:policy-${id}`;
}

/** What is in force once deploy.yaml was read again: what asks for less takes nothing from it. */
export function demandsAfter(
  options: Parameters<typeof judgingPolicy>[0],
): readonly PolicyDemand[] {
  const { now, inForce } = options;
  const ask: Ask = (demand, kind) => policyUnder(demand, options, kind);
  if (weakerThan(inForce, now, ask, 'regular').length === 0) {
    return [now];
  }
  const isKnown = inForce.some(
    demand => weakerThan([now], demand, ask, 'regular').length === 0,
  );
  return isKnown || inForce.length >= MAX_DEMANDS ? inForce : [...inForce, now];
}

/** What a demand asks less than others do: of hotfixes, or of all that may be asked for there. */
function weakerThan(
  others: readonly PolicyDemand[],
  now: PolicyDemand,
  ask: Ask,
  kind: PromotionClass,
): string[] {
  const ofKind = (one: PromotionClass) =>
    others.flatMap(other => {
      const [was, is] = [ask(other, one), ask(now, one)];
      if ('refusal' in was) {
        return 'refusal' in is
          ? []
          : ['hotfix (not let in before, let in now)'];
      }
      if ('refusal' in is) {
        return [];
      }
      return [
        ...(laxerPlaces(was.order, other, now)
          ? [
              `order (after ${other.earlier.join(', ')} before, after ${
                now.earlier.join(', ') || 'nothing'
              } now)`,
            ]
          : []),
        ...weakenings(was, is, now.earlier.length),
      ];
    });
  const own = ofKind(kind);
  const ofHotfixes = kind === 'hotfix' ? [] : ofKind('hotfix');
  return [
    ...new Set([
      ...own,
      ...ofHotfixes
        .filter(told => !own.includes(told))
        .map(told => (told.startsWith('hotfix') ? told : `hotfix: ${told}`)),
    ]),
  ];
}

/** Whether a release no longer has to go through an environment that an order asked for. */
function laxerPlaces(
  order: PromotionOrder,
  before: PolicyDemand,
  now: PolicyDemand,
): boolean {
  if (order === 'none') {
    return false;
  }
  if (typeof order === 'object') {
    // One more to choose from is one that may stand in for another.
    return (
      before.earlier.some(name => !now.earlier.includes(name)) ||
      now.earlier.some(name => !before.earlier.includes(name))
    );
  }
  return order === 'previous'
    ? before.earlier.length > 0 && before.earlier.at(-1) !== now.earlier.at(-1)
    : before.earlier.some(name => !now.earlier.includes(name));
}

/** What came before by any of them, and then what comes before now. */
function union(
  names: readonly string[],
  others: readonly PolicyDemand[],
): string[] {
  return [
    ...new Set([
      ...others
        .flatMap(({ earlier }) => earlier)
        .filter(name => !names.includes(name)),
      ...names,
    ]),
  ];
}

function all(
  policies: readonly (PromotionPolicy | PolicyRefusal)[],
  earlier: number,
): PromotionPolicy | PolicyRefusal {
  return policies.reduce((left, right) => {
    if ('refusal' in left || 'refusal' in right) {
      return 'refusal' in left ? left : right;
    }
    return mergeStricter(left, right, earlier);
  });
}

/**
 * What a demand comes to with app-config. Of the tier that is declared and that which the name of the
 * environment speaks of, the stricter one counts too.
 */
function policyUnder(
  { settings, tier, earlier }: PolicyDemand,
  {
    place,
    configured,
  }: { place: JudgedPlace; configured: readonly ConfiguredPromotion[] },
  kind: PromotionClass,
): PromotionPolicy | PolicyRefusal {
  const strictest = stricterTier(tier, guessTier(place.environment));
  const tiers: EnvironmentTier[] = [...new Set([strictest, tier])];
  const [first, ...rest] = tiers.map(one =>
    promotionPolicyFor(
      { ...place, tier: one, earlier: earlier.length },
      configured,
      settings,
      kind,
    ),
  );
  const both = all([first, ...rest], earlier.length);
  return 'refusal' in both || 'refusal' in first
    ? both
    : { ...both, seam: first.seam };
}
