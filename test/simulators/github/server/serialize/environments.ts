import type { JsonObject } from '../json';
import { nodeId } from '../state/Ids';
import type {
  Account,
  Environment,
  ProtectionRule,
  Repository,
} from '../state/model';
import { timestamp } from '../state/time';
import { simpleUser, teamPayload } from './accounts';
import type { Urls } from './Urls';

function environmentUrls(
  urls: Urls,
  repository: Repository,
  environment: Environment,
): { url: string; html_url: string } {
  const name = encodeURIComponent(environment.name);
  return {
    url: `${urls.repository(repository)}/environments/${name}`,
    html_url: `${urls.page(
      repository,
    )}/deployments/activity_log?environments_filter=${name}`,
  };
}

/** `environment`. */
export function environmentPayload(
  urls: Urls,
  repository: Repository,
  environment: Environment,
): JsonObject {
  const rules: JsonObject[] = [];
  if (environment.waitMinutes > 0) {
    rules.push({
      id: environment.id + 2,
      node_id: nodeId('Gate', environment.id + 2),
      type: 'wait_timer',
      wait_timer: environment.waitMinutes,
    });
  }
  const reviewers = reviewersOf(urls, environment);
  if (reviewers.length > 0) {
    rules.push({
      id: environment.id + 1,
      node_id: nodeId('Gate', environment.id + 1),
      type: 'required_reviewers',
      prevent_self_review: environment.preventSelfReview,
      reviewers,
    });
  }
  if (environment.branchPolicy !== 'any') {
    rules.push({
      id: environment.id + 3,
      node_id: nodeId('Gate', environment.id + 3),
      type: 'branch_policy',
    });
  }
  return {
    id: environment.id,
    node_id: nodeId('Environment', environment.id),
    name: environment.name,
    ...environmentUrls(urls, repository, environment),
    created_at: timestamp(environment.createdAt),
    updated_at: timestamp(environment.updatedAt),
    can_admins_bypass: true,
    protection_rules: rules,
    deployment_branch_policy:
      environment.branchPolicy === 'any'
        ? null
        : {
            protected_branches: environment.branchPolicy === 'protected',
            custom_branch_policies: environment.branchPolicy === 'named',
          },
  };
}

function reviewersOf(urls: Urls, environment: Environment): JsonObject[] {
  return [
    ...environment.reviewers.map(reviewer => ({
      type: 'User',
      reviewer: simpleUser(urls, reviewer),
    })),
    ...environment.teams.map(team => ({
      type: 'Team',
      reviewer: { ...teamPayload(urls, team), parent: null },
    })),
  ];
}

/** `deployment-branch-policy`. */
export function branchPolicyPayload(branch: {
  id: number;
  name: string;
  type: 'branch' | 'tag';
}): JsonObject {
  return {
    id: branch.id,
    node_id: nodeId('GateBranchPolicy', branch.id),
    name: branch.name,
    type: branch.type,
  };
}

/** `deployment-protection-rule`: a custom rule answered by a GitHub App. */
export function protectionRulePayload(
  urls: Urls,
  rule: ProtectionRule,
): JsonObject {
  return {
    id: rule.id,
    node_id: nodeId('Gate', rule.id),
    enabled: true,
    app: {
      id: rule.appId,
      slug: rule.appSlug,
      integration_url: `${urls.api}/apps/${rule.appSlug}`,
      node_id: nodeId('App', rule.appId),
    },
  };
}

/** `pending-deployment`: what a run waits for. */
export function pendingDeploymentPayload(
  urls: Urls,
  repository: Repository,
  environment: Environment,
  asker: Account | undefined,
): JsonObject {
  return {
    environment: {
      id: environment.id,
      node_id: nodeId('Environment', environment.id),
      name: environment.name,
      ...environmentUrls(urls, repository, environment),
    },
    wait_timer: 0,
    wait_timer_started_at: null,
    current_user_can_approve: environment.reviewers.some(
      reviewer => reviewer === asker,
    ),
    reviewers: reviewersOf(urls, environment),
  };
}
