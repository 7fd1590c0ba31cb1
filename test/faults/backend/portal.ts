import type { JsonArray, JsonObject } from '@backstage/types';
import { component } from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/entities';
import {
  workflowJob,
  workflowRun,
} from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/github';
import type { Knex } from 'knex';
import type { GithubSimulator } from '../../simulators/github/client';
import type { BackendOrder } from './backendProcess';
import { integrations, Platform } from './platforms';
import { Replica } from './Replica';

/** The rollback of a service, as a client asks for it. */
export function rollbackOf(
  platform: Platform,
  revision: string = platform.previous,
): JsonObject {
  return {
    entityRef: `component:default/${platform.name}`,
    environment: 'production',
    revision,
    reason: 'It answers 500 to every second request',
    confirm: platform.name,
  };
}

/** What replicas are started with that operate these platforms. */
export function orderFor(
  database: Knex.Config,
  platforms: readonly Platform[],
  github: GithubSimulator,
): BackendOrder {
  const repositories = [...new Set(platforms.map(each => each.repository))];
  return {
    database,
    config: {
      deploy: { targets: targetsOf(platforms) },
      integrations: integrations(github),
    },
    entities: platforms.map(({ name, repository }) =>
      component(name, {
        repository,
        key: name,
        annotations: { 'deploy.vvp.io/spec': specUrl(github, repository) },
      }),
    ),
    files: Object.fromEntries(
      repositories.map(repository => [
        specUrl(github, repository),
        specOf(platforms.filter(each => each.repository === repository)),
      ]),
    ),
  };
}

/** Tells a replica what the catalog and GitHub know: a release that was deployed to each of the platforms. */
export async function fillHistory(
  replica: Replica,
  platforms: readonly Platform[],
): Promise<void> {
  await replica.run('catalog-sync');
  for (const [index, { name, repository, currentCommit }] of platforms
    .filter(({ target }) => target.type !== 'github-workflow')
    .entries()) {
    if (currentCommit === undefined) {
      continue;
    }
    const id = index + 1;
    const run = { repository, id, sha: currentCommit, start: id };
    await replica.publish('github.workflow_run', workflowRun(run));
    await replica.publish(
      'github.workflow_job',
      workflowJob({ ...run, id: id * 10, runId: id, name: `deploy-${name}` }),
    );
  }
  await replica.run('poll');
}

/** Waits for the end of an operation, and returns it. */
export async function ended(replica: Replica, id: string) {
  for (;;) {
    const { body } = await replica.get(`/operations/${id}`);
    if (!['queued', 'running'].includes(body.status)) {
      return body;
    }
    await pause();
  }
}

export async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) {
    await pause();
  }
}

function pause(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 50));
}

function specUrl(github: GithubSimulator, repository: string): string {
  return `${github.url}/${repository}/blob/main/deploy.yaml`;
}

/** JSON is YAML, too. */
function specOf(platforms: readonly Platform[]): string {
  const spec = {
    apiVersion: 'deploy.vvp.io/v1alpha1',
    kind: 'Pipeline',
    metadata: { name: 'kills' },
    spec: {
      environments: [{ name: 'production', tier: 'production' }],
      services: Object.fromEntries(
        platforms.map(({ name, target }) => [
          name,
          {
            entity: `component:default/${name}`,
            environments: {
              production: {
                target,
                rollback: { checks: 4, secondsBetweenChecks: 2 },
                jobs: [
                  {
                    workflow: 'deploy.yml',
                    job:
                      target.type === 'github-workflow'
                        ? 'deploy'
                        : `deploy-${name}`,
                  },
                ],
              },
            },
          },
        ]),
      ),
    },
  };
  return JSON.stringify(spec, undefined, 2);
}

/** Platforms of one vendor share a key of app-config. */
function targetsOf(platforms: readonly Platform[]): JsonObject {
  const targets: Record<string, JsonObject> = {};
  for (const { config } of platforms) {
    for (const [vendor, value] of Object.entries(config)) {
      const more = value as JsonObject;
      targets[vendor] = {
        ...more,
        connections: [
          ...((targets[vendor]?.connections ?? []) as JsonArray),
          ...(more.connections as JsonArray),
        ],
      };
    }
  }
  return targets;
}
