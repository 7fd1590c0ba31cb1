import {
  Condition,
  ConditionState,
  fitnessKinds,
  Promotion,
  PromotionClass,
  PromotionStatus,
  PromotionSummary,
  Readiness,
  Release,
  Seam,
  activeStatuses,
  undecidedStatuses,
} from '@vvp/backstage-plugin-deploy-common';
import { shortCommit } from './links';
import { countText } from './numbers';
import { personText } from './people';
import { StatusText } from './status';
import { reasonAtLeast } from './waiver';

/**
 * Texts and tones of every status of a promotion.
 *
 * @internal
 */
export const promotionTexts: Record<PromotionStatus, StatusText> = {
  gated: {
    label: 'Not fit yet',
    meaning: 'A condition of the release itself is not met',
    tone: 'attention',
  },
  awaiting_approval: {
    label: 'Awaiting approval',
    meaning: 'The release is fit; approvals are missing',
    tone: 'attention',
  },
  approved: {
    label: 'Approved, waiting',
    meaning: 'Only the moment is wrong, such as a freeze',
    tone: 'progress',
  },
  executing: {
    label: 'Executing',
    meaning: 'It was let through; the deployment is on its way',
    tone: 'progress',
  },
  verifying: {
    label: 'Verifying',
    meaning: 'It is in place and looked at until it has proven good',
    tone: 'progress',
  },
  succeeded: {
    label: 'Live',
    meaning: 'It is in place, and its watch is over',
    tone: 'success',
  },
  rejected: {
    label: 'Rejected',
    meaning: 'A person turned it away',
    tone: 'neutral',
  },
  failed: { label: 'Failed', meaning: 'It did not get there', tone: 'error' },
  cancelled: {
    label: 'Cancelled',
    meaning: 'The request was taken back',
    tone: 'neutral',
  },
  expired: {
    label: 'Expired',
    meaning: 'Nobody decided it in time',
    tone: 'neutral',
  },
  superseded: {
    label: 'Superseded',
    meaning: 'A newer release was asked for',
    tone: 'neutral',
  },
  rolled_back: {
    label: 'Rolled back',
    meaning: 'It was in place, and was taken out again',
    tone: 'attention',
  },
};

/**
 * Texts and tones of every state of a condition.
 *
 * @internal
 */
export const conditionTexts: Record<ConditionState, StatusText> = {
  met: { label: 'Met', meaning: 'Holds', tone: 'success' },
  unmet: { label: 'Not met', meaning: 'Does not hold', tone: 'error' },
  pending: {
    label: 'Pending',
    meaning: 'Clears by itself, or by what is on its way',
    tone: 'attention',
  },
  waived: {
    label: 'Waived',
    meaning: 'Does not hold, and somebody let it pass',
    tone: 'attention',
  },
};

/**
 * What each class is for.
 *
 * @internal
 */
export const classTexts: Record<PromotionClass, string> = {
  regular: 'Regular',
  hotfix: 'Hotfix: own policy, needs a reason',
};

const seamTexts: Record<Seam, string> = {
  'protection-rule': 'GitHub asks this portal before the job begins',
  dispatch: 'This portal starts the workflow',
  review: "GitHub waits for a review with the approver's own token",
  none: 'Not enforced: the pipeline goes in whatever is decided here',
};

/**
 * What the decision holds back, in a sentence without its full stop.
 *
 * @internal
 */
export function seamText(seam: Seam): string {
  return seamTexts[seam];
}

/**
 * Conditions that belong together.
 *
 * @internal
 */
export interface ConditionGroup {
  key: 'fitness' | 'approvals' | 'moment';
  title: string;
  conditions: Condition[];
}

/**
 * Puts the conditions into those of the release, those of people and those of the moment; each group in its
 * order, empty ones left out.
 *
 * @internal
 */
export function groupConditions(
  conditions: readonly Condition[],
): ConditionGroup[] {
  const groups: ConditionGroup[] = [
    { key: 'fitness', title: 'Is the release fit?', conditions: [] },
    { key: 'approvals', title: 'Who lets it in?', conditions: [] },
    { key: 'moment', title: 'Is this the moment?', conditions: [] },
  ];
  const [fitness, approvals, moment] = groups;
  for (const condition of conditions) {
    if (condition.kind === 'approval') {
      approvals.conditions.push(condition);
    } else if (fitnessKinds.includes(condition.kind)) {
      fitness.conditions.push(condition);
    } else {
      moment.conditions.push(condition);
    }
  }
  return groups.filter(group => group.conditions.length > 0);
}

/**
 * All conditions in a sentence: "2 of 7 conditions are not met, 1 is pending."
 *
 * @internal
 */
export function readinessText({
  state,
  conditions,
}: Pick<Readiness, 'state' | 'conditions'>): string {
  const unmet = conditions.filter(each => each.state === 'unmet').length;
  const pending = conditions.filter(each => each.state === 'pending').length;
  if (state === 'ready') {
    return 'Every condition is met.';
  }
  const all = ` of ${countText(conditions.length, 'condition')}`;
  const parts = [
    unmet > 0 && `${unmet}${all} ${unmet === 1 ? 'is' : 'are'} not met`,
    pending > 0 &&
      `${pending}${unmet > 0 ? '' : all} ${
        pending === 1 ? 'is' : 'are'
      } pending`,
  ].filter(Boolean);
  return parts.length > 0 ? `${parts.join(', ')}.` : 'It is not ready.';
}

/**
 * The conditions that hold a release up now.
 *
 * @internal
 */
export function openConditions(conditions: readonly Condition[]): Condition[] {
  return conditions.filter(
    ({ state }) => state === 'unmet' || state === 'pending',
  );
}

/**
 * A release as people call it, with what pins it down: "v1.5.0, 9f8e7d6".
 *
 * @internal
 */
export function releaseName(
  release: Pick<Release, 'commit' | 'version'>,
): string {
  const short = shortCommit(release.commit);
  return release.version ? `${release.version}, ${short}` : short;
}

/**
 * The name of a service: entity refs are long, and the name says it.
 *
 * @internal
 */
export function serviceName(entityRef: string): string {
  return entityRef.slice(entityRef.lastIndexOf('/') + 1);
}

/**
 * How many voices there are: "1 of 2 approvals". Lapsed ones do not count.
 *
 * @internal
 */
export function approvalsText(
  promotion: Pick<PromotionSummary, 'approvals' | 'requiredApprovals'>,
): string {
  const { approvals, requiredApprovals } = promotion;
  if (requiredApprovals === 0) {
    return 'No approval is needed';
  }
  const counting = approvals.filter(({ lapsed }) => !lapsed).length;
  return `${Math.min(counting, requiredApprovals)} of ${countText(
    requiredApprovals,
    'approval',
  )}`;
}

/**
 * A person or a group without kind and namespace.
 *
 * @internal
 */
export function groupText(ref: string): string {
  return /^group:[^/]+\/(.+)$/.exec(ref)?.[1] ?? personText(ref);
}

/**
 * Whether it waits to be let through.
 *
 * @internal
 */
export function isUndecided({
  status,
}: Pick<PromotionSummary, 'status'>): boolean {
  return undecidedStatuses.includes(status);
}

/**
 * Whether nothing will happen to it any more.
 *
 * @internal
 */
export function isPromotionOver({
  status,
}: Pick<PromotionSummary, 'status'>): boolean {
  return !activeStatuses.includes(status);
}

/**
 * Statuses in which nothing happens any more.
 *
 * @internal
 */
export const decidedStatuses: PromotionStatus[] = (
  Object.keys(promotionTexts) as PromotionStatus[]
).filter(status => !activeStatuses.includes(status));

/**
 * Conditions that somebody with the right to could let pass now.
 *
 * @internal
 */
export function overridableConditions(
  promotion: Pick<Promotion, 'readiness'>,
): Condition[] {
  return openConditions(promotion.readiness?.conditions ?? []).filter(
    ({ overridable }) => overridable,
  );
}

/**
 * What a person has to write who rejects, overrides or asks for a hotfix; nothing if it is enough.
 *
 * @internal
 */
export function reasonProblem(text: string): string | undefined {
  return text.trim().length < reasonAtLeast
    ? `Say why, in at least ${reasonAtLeast} characters.`
    : undefined;
}

/**
 * What an announcement says to those who listen.
 *
 * @internal
 */
export function spokenPromotion(promotion: Promotion): string {
  return `${promotionTexts[promotion.status].label}, ${approvalsText(
    promotion,
  )}`;
}

/**
 * How many promotions wait for the user, for the eye and for the ear; nothing where none does.
 *
 * @param more - there are more than were counted
 * @internal
 */
export function waitingText(
  counted: number,
  more: boolean,
): { count: string; spoken: string } | undefined {
  if (counted === 0) {
    return undefined;
  }
  const count = `${counted}${more ? '+' : ''}`;
  return {
    count,
    spoken: `${more ? `more than ${counted}` : count} ${
      counted === 1 && !more ? 'waits' : 'wait'
    } for you`,
  };
}

/**
 * Promotions that wait for the same run of a pipeline, or one alone.
 *
 * @internal
 */
export interface RunGroup {
  key: string;
  run?: PromotionSummary['run'];
  promotions: PromotionSummary[];
}

/**
 * Puts promotions of one run together, in the order in which the first of them comes. Run ids are unique at
 * GitHub, not in each repository.
 *
 * @internal
 */
export function groupByRun(
  promotions: readonly PromotionSummary[],
): RunGroup[] {
  const groups = new Map<string, RunGroup>();
  for (const promotion of promotions) {
    const { run, id } = promotion;
    const key = run ? `run ${run.runId}` : `promotion ${id}`;
    const known = groups.get(key);
    if (known) {
      known.promotions.push(promotion);
    } else {
      groups.set(key, { key, run, promotions: [promotion] });
    }
  }
  return [...groups.values()];
}
