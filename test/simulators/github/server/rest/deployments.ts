import { addStatus, createDeployment } from '../engine';
import { isObject } from '../json';
import {
  deploymentPayload,
  environmentPayload,
  protectionRulePayload,
  restStatusPayload,
} from '../serialize';
import type { Deployment, DeploymentState, Repository } from '../state/model';
import { pageOf } from './paging';
import type { Handlers, RestCall } from './types';
import { actorOf, notFound, repositoryOf, RestError } from './types';

function deploymentOf(call: RestCall, repository: Repository): Deployment {
  const id = Number(call.params.deployment_id);
  const deployment = repository.deployments.find(one => one.id === id);
  if (!deployment) throw notFound();
  return deployment;
}

function environmentOf(call: RestCall, repository: Repository) {
  const environment = repository.environments.get(
    call.params.environment_name.toLowerCase(),
  );
  if (!environment) throw notFound();
  return environment;
}

export const deploymentHandlers: Handlers = {
  'repos/list-deployments': call => {
    const repository = repositoryOf(call);
    const filter = (name: string, value: (one: Deployment) => string) => {
      const wanted = call.query.get(name);
      return (one: Deployment) =>
        !wanted || wanted === 'none' || value(one) === wanted;
    };
    const filters = [
      filter('sha', one => one.sha),
      filter('ref', one => one.ref),
      filter('task', one => one.task),
      filter('environment', one => one.environment),
    ];
    const found = repository.deployments
      .filter(one => filters.every(passes => passes(one)))
      .reverse();
    const page = pageOf(call, found);
    return {
      status: 200,
      headers: page.headers,
      body: page.items.map(one => deploymentPayload(call.world.urls, one)),
    };
  },

  'repos/get-deployment': call => ({
    status: 200,
    body: deploymentPayload(
      call.world.urls,
      deploymentOf(call, repositoryOf(call)),
    ),
  }),

  'repos/create-deployment': async call => {
    const actor = actorOf(call);
    const repository = repositoryOf(call);
    const { body } = call;
    const ref = String(body.ref);
    const sha = await repository.git.resolve(ref);
    if (!sha) throw new RestError(422, `No ref found for: ${ref}`);
    const environment = String(body.environment ?? 'production');
    const deployment = await createDeployment(call.world, repository, {
      sha,
      ref,
      task: String(body.task ?? 'deploy'),
      environment,
      description:
        typeof body.description === 'string' ? body.description : undefined,
      payload: isObject(body.payload)
        ? body.payload
        : String(body.payload ?? ''),
      creator: actor,
      transient: body.transient_environment === true,
      production:
        typeof body.production_environment === 'boolean'
          ? body.production_environment
          : environment === 'production',
      job: undefined,
    });
    return {
      status: 201,
      body: deploymentPayload(call.world.urls, deployment),
    };
  },

  'repos/list-deployment-statuses': call => {
    const deployment = deploymentOf(call, repositoryOf(call));
    const page = pageOf(call, [...deployment.statuses].reverse());
    return {
      status: 200,
      headers: page.headers,
      body: page.items.map(status =>
        restStatusPayload(call.world.urls, deployment, status),
      ),
    };
  },

  'repos/get-deployment-status': call => {
    const deployment = deploymentOf(call, repositoryOf(call));
    const id = Number(call.params.status_id);
    const status = deployment.statuses.find(one => one.id === id);
    if (!status) throw notFound();
    return {
      status: 200,
      body: restStatusPayload(call.world.urls, deployment, status),
    };
  },

  'repos/create-deployment-status': async call => {
    const actor = actorOf(call);
    const deployment = deploymentOf(call, repositoryOf(call));
    const { body } = call;
    const status = await addStatus(call.world, deployment, {
      state: body.state as DeploymentState,
      creator: actor,
      description: String(body.description ?? ''),
      targetUrl: String(body.log_url ?? body.target_url ?? ''),
      environmentUrl: String(body.environment_url ?? ''),
      autoInactive: body.auto_inactive !== false,
    });
    return {
      status: 201,
      body: restStatusPayload(call.world.urls, deployment, status),
    };
  },

  'repos/get-all-environments': call => {
    const repository = repositoryOf(call);
    const environments = [...repository.environments.values()];
    const page = pageOf(call, environments);
    return {
      status: 200,
      headers: page.headers,
      body: {
        total_count: environments.length,
        environments: page.items.map(environment =>
          environmentPayload(call.world.urls, repository, environment),
        ),
      },
    };
  },

  'repos/get-environment': call => {
    const repository = repositoryOf(call);
    return {
      status: 200,
      body: environmentPayload(
        call.world.urls,
        repository,
        environmentOf(call, repository),
      ),
    };
  },

  'repos/get-all-deployment-protection-rules': call => {
    const repository = repositoryOf(call);
    const { protectionRules } = environmentOf(call, repository);
    return {
      status: 200,
      body: {
        total_count: protectionRules.length,
        custom_deployment_protection_rules: protectionRules.map(rule =>
          protectionRulePayload(call.world.urls, rule),
        ),
      },
    };
  },
};
