import { RunInFlight } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { Trace } from '../fold/trace';
import { mapJob } from '../mapping/mapJob';
import { DeploymentRow, TraceRow } from '../store/rows';
import { DispatchedRunRow } from './dispatchedRunRow';
import {
  DeployedEnvironment,
  loadDeployedEnvironment,
} from './deployedEnvironment';
import { OtherService, PipelineRun, planStops } from './planStops';
import {
  attemptOf,
  fileOf,
  isInFlight,
  jobsOf,
  newestRun,
  runIdOf,
  statusOf,
} from './traceRuns';

/** GitHub ends a run that waits for longer. */
const OLDEST_RUN_MS = 35 * 24 * 60 * 60_000;

/** Runs that ended once and are run again are looked for among those that changed lately. */
const LATELY_MS = 2 * 24 * 60 * 60_000;

/** How many traces are read at most. */
const MOST_TRACES = 300;

const OPEN = ['queued', 'waiting', 'in_progress'];

/** Runs under way that may still deploy into an environment, as far as GitHub has told; newest first. */
export async function runsInFlight(
  knex: Knex,
  environmentId: string,
  now: Date = new Date(),
): Promise<RunInFlight[]> {
  const environment = await loadDeployedEnvironment(knex, environmentId);
  if (!environment) {
    return [];
  }
  const runs = await loadPipelineRuns(knex, environment, now);
  return planStops(runs, { environmentId }).stop.map(toRunInFlight);
}

/** The services that the run behind a deployment deployed besides, by whichever of its jobs. */
export async function sameRunServices(
  knex: Knex,
  deploymentId: string,
): Promise<OtherService[]> {
  const row = await knex<DeploymentRow>('deployments')
    .where({ id: deploymentId })
    .first('trace_key', 'service_id');
  if (!row?.trace_key) {
    return [];
  }
  return deploymentsOf(knex, [row.trace_key])
    .whereNot('deployments.service_id', row.service_id)
    .distinct(
      'services.entity_ref as entityRef',
      'environments.name as environment',
    )
    .orderBy(['entityRef', 'environment'])
    .limit(200);
}

/** The runs of an environment's workflows that have not ended, as far as GitHub has told. */
export async function loadPipelineRuns(
  knex: Knex,
  environment: DeployedEnvironment,
  now: Date,
): Promise<PipelineRun[]> {
  const { repository } = environment;
  const ago = (milliseconds: number) =>
    new Date(now.getTime() - milliseconds).toISOString();
  const rows = await knex<TraceRow>('traces')
    .where({ repository })
    .whereNotNull('run_id')
    .andWhere(query => {
      query
        .where(open =>
          open
            .whereNull('completed_at')
            .andWhere('updated_at', '>=', ago(OLDEST_RUN_MS)),
        )
        .orWhere('updated_at', '>=', ago(LATELY_MS));
    })
    .orderBy('updated_at', 'desc')
    .limit(MOST_TRACES);
  const inFlight = rows
    .map(row => ({ key: row.key, trace: JSON.parse(row.state) as Trace }))
    .filter(({ trace }) => isInFlight(trace));
  const keys = inFlight.map(({ key }) => key);
  const deployments = await deploymentsOf(knex, keys).select<
    TracedDeployment[]
  >(
    'deployments.trace_key',
    'deployments.environment_id',
    'deployments.service_id',
    'deployments.outcome',
    'deployments.attempt',
    'services.entity_ref as entityRef',
    'environments.name as environment',
  );
  const dispatched = await loadDispatches(
    knex,
    repository,
    inFlight.flatMap(({ trace }) => runIdOf(trace) ?? []),
  );
  return inFlight
    .flatMap(({ key, trace }) =>
      toPipelineRun(
        environment,
        trace,
        deployments.filter(one => one.trace_key === key),
        dispatched,
      ),
    )
    .sort((left, right) => Number(right.runId) - Number(left.runId));
}

/** Who dispatched which of these runs. */
export async function loadDispatches(
  knex: Knex,
  repository: string,
  runIds: readonly string[],
): Promise<Map<string, NonNullable<PipelineRun['dispatchedBy']>>> {
  const rows = await knex<DispatchedRunRow>('dispatched_runs')
    .where({ repository })
    .whereIn('run_id', [...runIds]);
  return new Map(
    rows.map(row => [
      row.run_id,
      { operationId: row.operation_id, environmentId: row.environment_id },
    ]),
  );
}

interface TracedDeployment {
  trace_key: string;
  environment_id: string;
  service_id: string;
  outcome: string;
  attempt?: number | null;
  entityRef: string;
  environment: string;
}

function deploymentsOf(knex: Knex, traceKeys: readonly string[]) {
  return knex('deployments')
    .join('environments', 'environments.id', 'deployments.environment_id')
    .join('services', 'services.id', 'deployments.service_id')
    .whereIn('deployments.trace_key', [...traceKeys]);
}

function toPipelineRun(
  environment: DeployedEnvironment,
  trace: Trace,
  deployments: readonly TracedDeployment[],
  dispatched: Awaited<ReturnType<typeof loadDispatches>>,
): PipelineRun[] {
  const run = newestRun(trace);
  const runId = runIdOf(trace);
  const here = deployments.filter(one => one.environment_id === environment.id);
  const file = run?.workflowPath && fileOf(run.workflowPath);
  const isOurs =
    here.length > 0 || (file && environment.workflows.includes(file));
  if (!runId || !isOurs) {
    return [];
  }
  const attempt = attemptOf(trace);
  const newest = here.filter(one => (one.attempt ?? 1) === attempt);
  const by = dispatched.get(runId);
  return [
    {
      runId,
      ...(run && { workflowName: run.workflowName, startedAt: run.createdAt }),
      status: statusOf(trace),
      ...(run && { commit: run.commit }),
      ...(run?.url && { url: run.url }),
      own: ownState(environment, trace, newest),
      others: deployments
        .filter(
          one =>
            one.service_id !== environment.serviceId &&
            OPEN.includes(one.outcome),
        )
        .map(one => ({
          entityRef: one.entityRef,
          environment: one.environment,
        })),
      ...(by && { dispatchedBy: by }),
    },
  ];
}

function ownState(
  environment: DeployedEnvironment,
  trace: Trace,
  deployments: readonly TracedDeployment[],
): PipelineRun['own'] {
  if (deployments.some(one => OPEN.includes(one.outcome))) {
    return 'open';
  }
  if (deployments.length > 0) {
    return 'done';
  }
  const run = newestRun(trace);
  return ownStateOfJobs(environment, run, jobsOf(trace));
}

/** How far a run's deployment here is, by its jobs. Skipped jobs make no deployment. */
export function ownStateOfJobs(
  environment: DeployedEnvironment,
  run: { workflowPath?: string; ref?: string } | undefined,
  jobs: readonly { name: string; status: string }[],
): PipelineRun['own'] {
  const own = jobs.filter(job =>
    mapJob({ name: job.name, workflowPath: run?.workflowPath, ref: run?.ref }, [
      environment.mapping,
    ]).some(target => target.environment === environment.name),
  );
  if (own.length === 0) {
    return 'unknown';
  }
  return own.every(job => job.status === 'completed') ? 'done' : 'open';
}

function toRunInFlight(run: PipelineRun): RunInFlight {
  const { own, others, dispatchedBy, ...inFlight } = run;
  return inFlight;
}
