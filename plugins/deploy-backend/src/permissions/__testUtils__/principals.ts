import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  DefinitivePolicyDecision,
  isResourcePermission,
  PermissionCondition,
  PermissionCriteria,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  deployReadPermission,
  RESOURCE_TYPE_DEPLOY_ENVIRONMENT,
} from '@vvp/backstage-plugin-deploy-common';
import {
  createDeployConditionalDecision,
  deployConditions,
} from '../conditions';
import { TestPolicy } from './frameworkPermissions';

export type Conditions = PermissionCriteria<
  PermissionCondition<typeof RESOURCE_TYPE_DEPLOY_ENVIRONMENT>
>;

export const OURS = 'group:default/ours';
export const THEIRS = 'group:default/theirs';

type Grant = DefinitivePolicyDecision | Conditions;
const everything: DefinitivePolicyDecision = { result: AuthorizeResult.ALLOW };
const nothing: DefinitivePolicyDecision = { result: AuthorizeResult.DENY };

const isOurs = deployConditions.isServiceOwner({ claims: [OURS] });
const isTheirs = deployConditions.isServiceOwner({ claims: [THEIRS] });

/** What people of the tests may read, and what they may change. */
const people: Record<string, { read: Grant; change: Grant; basic?: true }> = {
  /** Owns the service. */
  owner: { read: isOurs, change: isOurs },
  /** Owns it, too, and keeps out of production. */
  developer: {
    read: isOurs,
    change: {
      allOf: [
        isOurs,
        { not: deployConditions.hasEnvironmentTier({ tiers: ['production'] }) },
      ],
    },
  },
  /** Sees production of every service, and nothing else. */
  oncall: {
    read: deployConditions.hasEnvironmentTier({ tiers: ['production'] }),
    change: deployConditions.hasEnvironmentName({ names: ['production'] }),
  },
  /** Owns another service, and reads all. */
  reader: { read: everything, change: isTheirs },
  /** Owns another service, and reads only that. */
  stranger: { read: isTheirs, change: isTheirs },
  /** Signed in, and that is all. */
  denied: { read: nothing, change: nothing },
  administrator: { read: everything, change: everything, basic: true },
};

export const principals = [
  'owner',
  'developer',
  'oncall',
  'reader',
  'stranger',
  'denied',
  'administrator',
  'guest',
  'service',
] as const;

export type Principal = (typeof principals)[number];

/** The header that a principal comes with; a guest's says nothing. */
export function headerOf(principal: Principal): string {
  switch (principal) {
    case 'guest':
      return mockCredentials.none.header();
    case 'service':
      return mockCredentials.service.header();
    default:
      return mockCredentials.user.header(`user:default/${principal}`);
  }
}

export const policy: TestPolicy = (user, permission): PolicyDecision => {
  const grants = people[user.split('/')[1]];
  if (!isResourcePermission(permission, RESOURCE_TYPE_DEPLOY_ENVIRONMENT)) {
    return grants?.basic ? everything : nothing;
  }
  const grant =
    permission.name === deployReadPermission.name
      ? grants?.read
      : grants?.change;
  if (grant === undefined || 'result' in grant) {
    return grant ?? nothing;
  }
  return createDeployConditionalDecision(permission, grant);
};
