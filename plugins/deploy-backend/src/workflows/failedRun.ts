import { Knex } from 'knex';
import { Trace } from '../fold/trace';
import { mapJob } from '../mapping/mapJob';
import { DeploymentRow, TraceRow } from '../store/rows';
import { loadDeployedEnvironment } from './deployedEnvironment';
import { loadDispatches } from './pipelineRuns';
import { attemptOf, isInFlight, jobsOf, newestRun, runIdOf } from './traceRuns';

/** An environment that a run deploys into besides, and the release that it brings there. */
export interface AlsoDeployed {
  environmentId: string;
  releaseId: string;
}

/** What is known of the run that a failed deployment came from. */
export interface FailedRun {
  /** `owner/name`, lower case. */
  repository: string;
  runId: string;
  newestAttempt: number;
  /** Some of its jobs have not ended. */
  inFlight: boolean;
  /** In GitHub's words; absent where only its jobs are known. */
  event?: string;
  createdAt: string;
  /** The operation that dispatched it. */
  dispatchedBy?: string;
  /** Something was deployed there with success since. */
  replaced: boolean;
  /** Where its failed jobs, or those that wait for them, deploy besides. */
  others: AlsoDeployed[];
}

const FAILED = ['failed', 'errored', 'cancelled'];

/** Undefined for a deployment without a run. */
export async function loadFailedRun(
  knex: Knex,
  deploymentId: string,
): Promise<FailedRun | undefined> {
  const deployment = await knex<DeploymentRow>('deployments')
    .where({ id: deploymentId })
    .first();
  const row =
    deployment?.trace_key &&
    (await knex<TraceRow>('traces')
      .where({ key: deployment.trace_key })
      .first());
  if (!deployment || !row) {
    return undefined;
  }
  const trace: Trace = JSON.parse(row.state);
  const runId = runIdOf(trace);
  if (!runId) {
    return undefined;
  }
  const run = newestRun(trace);
  const dispatches = await loadDispatches(knex, row.repository, [runId]);
  const dispatchedBy = dispatches.get(runId)?.operationId;
  return {
    repository: row.repository,
    runId,
    newestAttempt: attemptOf(trace),
    inFlight: isInFlight(trace),
    ...(run && { event: run.event }),
    createdAt: firstOf([run?.createdAt, deployment.created_at]),
    ...(dispatchedBy && { dispatchedBy }),
    replaced: await isReplaced(knex, deployment),
    others: [
      ...(await failedElsewhere(knex, deployment)),
      ...(await skippedElsewhere(knex, deployment, trace)),
    ],
  };
}

function firstOf(times: readonly (string | undefined)[]): string {
  return times.flatMap(time => time ?? []).sort()[0];
}

async function isReplaced(
  knex: Knex,
  deployment: DeploymentRow,
): Promise<boolean> {
  const later = await knex<DeploymentRow>('deployments')
    .where({ environment_id: deployment.environment_id })
    .whereIn('outcome', ['succeeded', 'superseded'])
    .where('created_at', '>', deployment.created_at)
    .first('id');
  return later !== undefined;
}

/** They run again with it. */
async function failedElsewhere(
  knex: Knex,
  { trace_key, attempt, environment_id }: DeploymentRow,
): Promise<AlsoDeployed[]> {
  const rows = await knex<DeploymentRow>('deployments')
    .where({ trace_key, attempt: attempt ?? 1 })
    .whereIn('outcome', FAILED)
    .whereNot({ environment_id })
    .select('environment_id', 'release_id');
  return rows.map(one => ({
    environmentId: one.environment_id,
    releaseId: one.release_id,
  }));
}

/**
 * Where the same service was to go on to: the job was skipped, and is run once what it needs succeeds. Of other
 * services nobody can tell such a job from one whose service has not changed.
 */
async function skippedElsewhere(
  knex: Knex,
  deployment: DeploymentRow,
  trace: Trace,
): Promise<AlsoDeployed[]> {
  const run = newestRun(trace);
  const skipped = jobsOf(trace).filter(job => job.conclusion === 'skipped');
  const rows = await knex('environments')
    .where({ service_id: deployment.service_id })
    .whereNot({ id: deployment.environment_id })
    .select<{ id: string }[]>('id');
  const reached = await Promise.all(
    rows.map(async ({ id }) => {
      const environment = await loadDeployedEnvironment(knex, id);
      const isDeployed = skipped.some(job =>
        mapJob(
          {
            name: job.name,
            workflowPath: run?.workflowPath,
            workflowName: run?.workflowName ?? job.workflowName,
            ref: run?.ref ?? job.ref,
          },
          environment ? [environment.mapping] : [],
        ).some(target => target.environment === environment?.name),
      );
      return isDeployed
        ? [{ environmentId: id, releaseId: deployment.release_id }]
        : [];
    }),
  );
  return reached.flat();
}
