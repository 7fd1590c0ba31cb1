import { isObject } from '../json';
import {
  branchPolicyPayload,
  environmentPayload,
  fullTeam,
  protectionRulePayload,
  publicUser,
} from '../serialize';
import type { Environment } from '../state/model';
import { pageOf } from './paging';
import type { Handlers, RestCall } from './types';
import { actorOf, notFound, repositoryOf, RestError } from './types';

function environmentOf(call: RestCall): Environment {
  const name = call.params.environment_name.toLowerCase();
  const environment = repositoryOf(call).environments.get(name);
  if (!environment) throw notFound();
  return environment;
}

/** GitHub forgets what an update leaves out. */
function update(call: RestCall, environment: Environment): void {
  const { world, body } = call;
  const policy = body.deployment_branch_policy;
  const reviewers = Array.isArray(body.reviewers)
    ? body.reviewers.filter(isObject)
    : [];
  if (
    isObject(policy) &&
    policy.protected_branches === policy.custom_branch_policies
  ) {
    throw new RestError(
      422,
      'protected_branches and custom_branch_policies cannot have the same value',
    );
  }
  environment.waitMinutes = Number(body.wait_timer ?? 0);
  environment.preventSelfReview = body.prevent_self_review === true;
  environment.reviewers = reviewers
    .filter(({ type }) => type === 'User')
    .map(({ id }) => world.accountById(Number(id)) ?? invalidReviewer());
  environment.teams = reviewers
    .filter(({ type }) => type === 'Team')
    .map(
      ({ id }) =>
        world.teamById(call.params.owner, Number(id)) ?? invalidReviewer(),
    );
  environment.branchPolicy = 'any';
  if (isObject(policy)) {
    environment.branchPolicy =
      policy.protected_branches === true ? 'protected' : 'named';
  }
  if (environment.branchPolicy !== 'named') environment.branches = [];
  environment.updatedAt = world.now;
}

function invalidReviewer(): never {
  throw new RestError(422, 'Failed to add reviewers: no such user or team');
}

export const environmentHandlers: Handlers = {
  'users/get-by-username': call => {
    const account = call.world.knownAccount(call.params.username);
    if (!account) throw notFound();
    return { status: 200, body: publicUser(call.world.urls, account) };
  },

  'teams/get-by-name': call => {
    const team = call.world.team(call.params.org, call.params.team_slug);
    if (!team) throw notFound();
    return { status: 200, body: fullTeam(call.world.urls, team) };
  },

  'repos/create-or-update-environment': call => {
    actorOf(call);
    const repository = repositoryOf(call);
    const environment = call.world.environment(
      repository,
      call.params.environment_name,
    );
    update(call, environment);
    return {
      status: 200,
      body: environmentPayload(call.world.urls, repository, environment),
    };
  },

  'repos/list-deployment-branch-policies': call => {
    const { branches } = environmentOf(call);
    const page = pageOf(call, branches);
    return {
      status: 200,
      headers: page.headers,
      body: {
        total_count: branches.length,
        branch_policies: page.items.map(branchPolicyPayload),
      },
    };
  },

  'repos/create-deployment-branch-policy': call => {
    actorOf(call);
    const environment = environmentOf(call);
    const name = String(call.body.name);
    if (environment.branchPolicy !== 'named') throw notFound();
    const type: 'branch' | 'tag' = call.body.type === 'tag' ? 'tag' : 'branch';
    if (
      environment.branches.some(
        branch => branch.name === name && branch.type === type,
      )
    ) {
      throw new RestError(303, 'Already exists');
    }
    const branch = { id: call.world.ids.next(), name, type };
    environment.branches.push(branch);
    return { status: 200, body: branchPolicyPayload(branch) };
  },

  'repos/delete-deployment-branch-policy': call => {
    actorOf(call);
    const environment = environmentOf(call);
    const id = Number(call.params.branch_policy_id);
    if (!environment.branches.some(branch => branch.id === id)) {
      throw notFound();
    }
    environment.branches = environment.branches.filter(
      branch => branch.id !== id,
    );
    return { status: 204 };
  },

  'repos/list-custom-deployment-rule-integrations': call => {
    environmentOf(call);
    const { urls, app } = call.world;
    const { app: payload } = protectionRulePayload(urls, {
      id: app.id,
      appId: app.id,
      appSlug: app.slug,
    });
    return {
      status: 200,
      body: {
        total_count: 1,
        available_custom_deployment_protection_rule_integrations: [payload],
      },
    };
  },

  'repos/create-deployment-protection-rule': call => {
    actorOf(call);
    const environment = environmentOf(call);
    const { app, ids, urls } = call.world;
    const isKnown = Number(call.body.integration_id) === app.id;
    const isThere = environment.protectionRules.some(
      rule => rule.appId === app.id,
    );
    if (!isKnown || isThere) {
      throw new RestError(422, 'The integration cannot be added');
    }
    const rule = { id: ids.next(), appId: app.id, appSlug: app.slug };
    environment.protectionRules.push(rule);
    return { status: 201, body: protectionRulePayload(urls, rule) };
  },
};
