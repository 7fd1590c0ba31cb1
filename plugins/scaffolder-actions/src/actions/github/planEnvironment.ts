/** A person or team that may let a deployment into an environment. */
export interface Reviewer {
  type: 'User' | 'Team';
  id: number;
}

/** What is asked of an environment; what is left out stays as it is. */
export interface WantedEnvironment {
  reviewers?: readonly Reviewer[];
  waitMinutes?: number;
  preventSelfReview?: boolean;
  /** Branches that may deploy, as names or patterns. With neither branches nor tags: whatever there is may. */
  branches?: readonly string[];
  tags?: readonly string[];
}

/** A branch or tag, or a pattern of them, that may deploy. */
export interface Ref {
  type: 'branch' | 'tag';
  name: string;
}

/** The settings of an environment, as GitHub takes them. */
export interface EnvironmentSettings {
  wait_timer: number;
  prevent_self_review: boolean;
  reviewers: Reviewer[];
  deployment_branch_policy: {
    protected_branches: boolean;
    custom_branch_policies: boolean;
  } | null;
}

/** What GitHub tells of an environment, as far as it is read here. */
export interface EnvironmentPayload {
  protection_rules?: readonly ProtectionRulePayload[];
  deployment_branch_policy?: EnvironmentSettings['deployment_branch_policy'];
}

interface ProtectionRulePayload {
  type?: string;
  wait_timer?: number;
  prevent_self_review?: boolean;
  reviewers?: readonly {
    type?: string;
    reviewer?: { id?: number } | object;
  }[];
}

/** Settings to be sent, or none if all is as it should be; and in words what changes. */
export interface EnvironmentPlan {
  settings?: EnvironmentSettings;
  changes: string[];
}

const UNPROTECTED: EnvironmentSettings = {
  wait_timer: 0,
  prevent_self_review: false,
  reviewers: [],
  deployment_branch_policy: null,
};

/**
 * Decides what is to be sent for an environment. GitHub forgets what is left out of an update, so that all of it is
 * sent, what nobody asked for as it was.
 *
 * @param current - undefined if there is no such environment
 */
export function planEnvironment(
  current: EnvironmentPayload | undefined,
  wanted: WantedEnvironment,
): EnvironmentPlan {
  const before = current ? settingsOf(current) : UNPROTECTED;
  const settings: EnvironmentSettings = {
    wait_timer: wanted.waitMinutes ?? before.wait_timer,
    prevent_self_review: wanted.preventSelfReview ?? before.prevent_self_review,
    reviewers: wanted.reviewers ? [...wanted.reviewers] : before.reviewers,
    deployment_branch_policy: policyOf(wanted, before),
  };
  const changes = [
    ...(current ? [] : ['is created']),
    ...(before.wait_timer === settings.wait_timer
      ? []
      : [`waits ${settings.wait_timer} minutes`]),
    ...(keysOf(before) === keysOf(settings)
      ? []
      : [`has ${settings.reviewers.length} reviewers`]),
    ...(before.prevent_self_review === settings.prevent_self_review
      ? []
      : [
          settings.prevent_self_review
            ? 'takes no review by who started the run'
            : 'takes a review by who started the run',
        ]),
    ...(JSON.stringify(before.deployment_branch_policy) ===
    JSON.stringify(settings.deployment_branch_policy)
      ? []
      : [
          settings.deployment_branch_policy
            ? 'takes certain branches and tags only'
            : 'takes any branch and tag',
        ]),
  ];
  return { changes, ...(changes.length > 0 && { settings }) };
}

/** What is to be added and taken away, of the kinds that are asked for: the others stay. */
export function planRefs(
  current: readonly (Partial<Ref> & { id?: number })[],
  { branches, tags }: WantedEnvironment,
): { add: Ref[]; remove: (Ref & { id: number })[] } {
  const kinds = [
    { type: 'branch' as const, wanted: branches },
    { type: 'tag' as const, wanted: tags },
  ].flatMap(({ type, wanted }) => (wanted ? [{ type, wanted }] : []));
  const present = current.flatMap(({ id, name, type = 'branch' }) =>
    id !== undefined && name !== undefined ? [{ id, name, type }] : [],
  );
  return {
    add: kinds.flatMap(({ type, wanted }) =>
      wanted
        .filter(
          name => !present.some(one => one.type === type && one.name === name),
        )
        .map(name => ({ type, name })),
    ),
    remove: kinds.flatMap(({ type, wanted }) =>
      present.filter(one => one.type === type && !wanted.includes(one.name)),
    ),
  };
}

function settingsOf(payload: EnvironmentPayload): EnvironmentSettings {
  const rules = payload.protection_rules ?? [];
  const review = rules.find(({ type }) => type === 'required_reviewers');
  const policy = payload.deployment_branch_policy;
  return {
    wait_timer:
      rules.find(({ type }) => type === 'wait_timer')?.wait_timer ?? 0,
    prevent_self_review: review?.prevent_self_review ?? false,
    reviewers: (review?.reviewers ?? []).flatMap(({ type, reviewer }) =>
      (type === 'User' || type === 'Team') &&
      reviewer &&
      'id' in reviewer &&
      reviewer.id !== undefined
        ? [{ type: type as Reviewer['type'], id: reviewer.id }]
        : [],
    ),
    deployment_branch_policy: policy
      ? {
          protected_branches: policy.protected_branches,
          custom_branch_policies: policy.custom_branch_policies,
        }
      : null,
  };
}

function policyOf(
  { branches, tags }: WantedEnvironment,
  before: EnvironmentSettings,
): EnvironmentSettings['deployment_branch_policy'] {
  const named = [...(branches ?? []), ...(tags ?? [])];
  if (named.length > 0) {
    return { protected_branches: false, custom_branch_policies: true };
  }
  return branches === undefined && tags === undefined
    ? before.deployment_branch_policy
    : null;
}

function keysOf({ reviewers }: EnvironmentSettings): string {
  return reviewers
    .map(({ type, id }) => `${type}:${id}`)
    .sort()
    .join();
}
