import {
  Deployment,
  DeploymentWatch,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { loadWatches } from '../rollbacks/automatic/toDeploymentWatch';
import { DeploymentRow } from '../store/rows';
import { loadRuns, RunIndex } from './runs';

/** What the source of a deployment by an operation begins with. */
const OPERATION = 'operation:';

/** A deployment with what stands in the tables around it. */
export interface JoinedDeploymentRow extends DeploymentRow {
  entity_ref: string;
  environment: string;
  commit_sha: string;
  version?: string | null;
  artifact?: string | null;
  quarantined_by?: string | null;
  quarantine_reason?: string | null;
  quarantined_since?: string | null;
}

/** Joins deployments to `services`, `environments` and `releases`. */
export function joinedDeployments(
  knex: Knex,
): Knex.QueryBuilder<{}, JoinedDeploymentRow[]> {
  return knex('deployments')
    .join('environments', 'environments.id', 'deployments.environment_id')
    .join('services', 'services.id', 'deployments.service_id')
    .join('releases', 'releases.id', 'deployments.release_id')
    .leftJoin('quarantines', on => {
      on.on('quarantines.release_id', 'releases.id').andOnNull(
        'quarantines.lifted_at',
      );
    })
    .whereNull('services.removed_at')
    .select(
      'deployments.*',
      'services.entity_ref',
      'environments.name as environment',
      'releases.commit_sha',
      'releases.version',
      'releases.artifact',
      'quarantines.set_by as quarantined_by',
      'quarantines.reason as quarantine_reason',
      'quarantines.since as quarantined_since',
    );
}

/** Deployments as the API gives them, with their runs. */
export async function toDeployments(
  knex: Knex,
  rows: readonly JoinedDeploymentRow[],
): Promise<Deployment[]> {
  const runs = await loadRuns(
    knex,
    rows.flatMap(row => row.trace_key ?? []),
  );
  const watches = await loadWatches(
    knex,
    rows.map(({ id }) => id),
  );
  return rows.map(row => toDeployment(row, runs, watches.get(row.id)));
}

function toDeployment(
  row: JoinedDeploymentRow,
  runs: RunIndex,
  watch: DeploymentWatch | undefined,
): Deployment {
  return {
    id: row.id,
    entityRef: row.entity_ref,
    environment: row.environment,
    source: row.source,
    status: row.status,
    release: {
      id: row.release_id,
      commit: row.commit_sha,
      ...(row.version && { version: row.version }),
      ...(row.artifact && { artifact: row.artifact }),
      ...(row.quarantined_by && {
        quarantine: {
          by: row.quarantined_by,
          reason: row.quarantine_reason ?? '',
          since: row.quarantined_since ?? '',
        },
      }),
    },
    ...(row.ref && { ref: row.ref }),
    ...(row.actor && { actor: row.actor }),
    ...(row.title && { title: row.title }),
    createdAt: row.created_at,
    ...(row.started_at && { startedAt: row.started_at }),
    ...(row.finished_at && { finishedAt: row.finished_at }),
    ...durationOf(row),
    ...(row.url && { url: row.url }),
    ...(row.job_name && { jobName: row.job_name }),
    ...(row.source.startsWith(OPERATION) && {
      operationId: row.source.slice(OPERATION.length),
    }),
    ...(row.rolled_back && { rolledBack: JSON.parse(row.rolled_back) }),
    ...(watch && { watch }),
    ...runOf(row, runs),
    chain: row.trace_key ? runs.chain(row.trace_key) : [],
  };
}

function runOf(row: JoinedDeploymentRow, runs: RunIndex): Partial<Deployment> {
  if (!row.run_id || !row.trace_key) {
    return {};
  }
  const attempt = row.attempt ?? 1;
  return {
    run: runs.run(row.trace_key, attempt) ?? { runId: row.run_id, attempt },
  };
}

function durationOf(row: DeploymentRow): { durationSeconds?: number } {
  if (!row.started_at || !row.finished_at) {
    return {};
  }
  const milliseconds = Date.parse(row.finished_at) - Date.parse(row.started_at);
  return { durationSeconds: Math.max(0, Math.round(milliseconds / 1000)) };
}
