import { StepControl, TargetError } from '@vvp/backstage-plugin-deploy-node';
import { Knex } from 'knex';
import { RunAnswer } from './answers';
import { endRun } from './endRun';
import {
  DeployedEnvironment,
  loadDeployedEnvironment,
} from './deployedEnvironment';
import {
  loadDispatches,
  loadPipelineRuns,
  ownStateOfJobs,
} from './pipelineRuns';
import { fileOf } from './traceRuns';
import { PipelineRun, planStops } from './planStops';
import { WorkflowApi } from './WorkflowApi';

/** Pushes may come in while runs are stopped; after so many looks it is left to the next step. */
const MOST_ROUNDS = 5;

/**
 * Ends every run that may still deploy into an environment: those that are known, and those that GitHub
 * knows and has not told of yet.
 *
 * @returns how many were stopped
 */
export async function stopRuns(
  options: {
    knex: Knex;
    api: WorkflowApi;
    environmentId: string;
    keepShared?: boolean;
  },
  control: StepControl,
): Promise<number> {
  const { knex, api, environmentId, keepShared } = options;
  const environment = await loadDeployedEnvironment(knex, environmentId);
  if (!environment) {
    return 0;
  }
  const ended = new Set<string>();
  const told = new Set<string>();
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const runs = await findRuns(knex, api, environment);
    const { stop, leave } = planStops(
      runs.filter(run => !ended.has(run.runId)),
      {
        environmentId,
        operationId: control.operationId,
        ...(keepShared && { keepShared }),
      },
    );
    for (const { run, why } of leave.filter(one => !told.has(one.run.runId))) {
      told.add(run.runId);
      control.log(`The run ${run.runId} goes on: ${why}.`);
    }
    if (stop.length === 0) {
      break;
    }
    await Promise.all(
      stop.map(async run => {
        tellOthers(run, control);
        await endIfThere(api, run, control);
        ended.add(run.runId);
      }),
    );
  }
  return ended.size;
}

/** What the tables know, brought up to date and completed by what GitHub says now. */
async function findRuns(
  knex: Knex,
  api: WorkflowApi,
  environment: DeployedEnvironment,
): Promise<PipelineRun[]> {
  const known = await loadPipelineRuns(knex, environment, new Date());
  const listed: RunAnswer[] = [];
  for (const workflow of environment.workflows) {
    const { runs } = await api.runsIfThere(fileOf(workflow));
    listed.push(...runs);
  }
  const open = listed.filter(run => run.status !== 'completed');
  const dispatched = await loadDispatches(
    knex,
    api.repository,
    open.map(run => String(run.id)),
  );
  const fresh = await Promise.all(
    open.map(async run => {
      const runId = String(run.id);
      const before = known.find(one => one.runId === runId);
      const jobs = await api.jobsUnless(run.id);
      const own = ownStateOfJobs(
        environment,
        {
          ...(run.path && { workflowPath: run.path.split('@')[0] }),
          ...(run.head_branch && { ref: run.head_branch }),
        },
        jobs.value,
      );
      const by = dispatched.get(runId);
      return {
        others: [],
        ...before,
        runId,
        ...(run.name && { workflowName: run.name }),
        ...(run.html_url && { url: run.html_url }),
        commit: run.head_sha,
        startedAt: run.created_at,
        status: statusOf(run),
        own: own === 'unknown' ? before?.own ?? own : own,
        ...(by && { dispatchedBy: by }),
      };
    }),
  );
  const answered = new Set(listed.map(run => String(run.id)));
  return [...fresh, ...known.filter(run => !answered.has(run.runId))];
}

async function endIfThere(
  api: WorkflowApi,
  run: PipelineRun,
  control: StepControl,
): Promise<void> {
  try {
    await endRun(api, Number(run.runId), control);
  } catch (error) {
    if (error instanceof TargetError && error.kind === 'not-found') {
      control.log(`The run ${run.runId} is gone.`);
      return;
    }
    throw error;
  }
}

function tellOthers(run: PipelineRun, control: StepControl): void {
  if (run.others.length > 0) {
    control.log(
      `The run ${
        run.runId
      } deploys other services, too, which are stopped with it: ${run.others
        .map(other => `${other.entityRef} to ${other.environment}`)
        .join(', ')}.`,
      'warn',
    );
  }
}

function statusOf(run: RunAnswer): PipelineRun['status'] {
  return run.status === 'in_progress' || run.status === 'waiting'
    ? run.status
    : 'queued';
}
