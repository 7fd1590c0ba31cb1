import { ServiceEnvironmentSpec } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { Trace } from '../fold/trace';
import { defineService } from '../mapping/defineService';
import { ServiceMapping } from '../mapping/types';
import { fileOf, newestRun } from './traceRuns';

/** The environment that runs are looked at from. */
export interface DeployedEnvironment {
  id: string;
  name: string;
  serviceId: string;
  entityRef: string;
  repository: string;
  /** File names of the workflows that deploy here, or start those that do. */
  workflows: string[];
  mapping: ServiceMapping;
}

/** How many deployments tell which workflows deploy here. */
const MOST_DEPLOYMENTS = 20;

/** Undefined for an environment that is gone. */
export async function loadDeployedEnvironment(
  knex: Knex,
  environmentId: string,
): Promise<DeployedEnvironment | undefined> {
  const row = await knex('environments')
    .join('services', 'services.id', 'environments.service_id')
    .where('environments.id', environmentId)
    .first<
      | {
          name: string;
          definition?: string | null;
          service_id: string;
          entity_ref: string;
          repository: string;
        }
      | undefined
    >(
      'environments.name',
      'environments.definition',
      'environments.service_id',
      'services.entity_ref',
      'services.repository',
    );
  if (!row) {
    return undefined;
  }
  const definition: ServiceEnvironmentSpec | undefined = row.definition
    ? JSON.parse(row.definition)
    : undefined;
  const { mapping } = defineService({
    serviceId: row.service_id,
    serviceKey: '',
    repository: row.repository,
    annotations: {},
    ...(definition && {
      spec: { key: '', paths: [], sharedPaths: [], environments: [definition] },
    }),
    rules: [],
  });
  const declared = (definition?.jobs ?? []).map(job => job.workflow);
  const seen = await seenWorkflows(knex, environmentId);
  return {
    id: environmentId,
    name: row.name,
    serviceId: row.service_id,
    entityRef: row.entity_ref,
    repository: row.repository,
    workflows: [...new Set([...declared, ...seen])],
    mapping,
  };
}

/** What the last deployments came by: their runs' workflows, and those that started these. */
async function seenWorkflows(
  knex: Knex,
  environmentId: string,
): Promise<string[]> {
  const rows = await knex('deployments')
    .join('traces', 'traces.key', 'deployments.trace_key')
    .leftJoin('traces as parents', 'parents.key', 'traces.parent_key')
    .where('deployments.environment_id', environmentId)
    .orderBy([
      { column: 'deployments.created_at', order: 'desc' },
      { column: 'deployments.id', order: 'desc' },
    ])
    .limit(MOST_DEPLOYMENTS)
    .select<{ own: string; parent?: string | null }[]>(
      'traces.state as own',
      'parents.state as parent',
    );
  return rows
    .flatMap(({ own, parent }) => [own, parent ?? []].flat())
    .flatMap(state => {
      const run = newestRun(JSON.parse(state) as Trace);
      return run?.workflowPath ? fileOf(run.workflowPath) : [];
    });
}
