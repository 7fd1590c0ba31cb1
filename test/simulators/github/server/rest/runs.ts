import { rerun, playerOf } from '../engine';
import type { JsonObject } from '../json';
import { runPayload } from '../serialize';
import type { Repository, RunAttempt, WorkflowRun } from '../state/model';
import { latestAttempt } from '../state/model';
import { dateFilter, pageOf } from './paging';
import type { Handlers, RestCall, RestReply } from './types';
import { actorOf, notFound, repositoryOf, RestError } from './types';

export function runOf(call: RestCall): WorkflowRun {
  const run = call.world.run(repositoryOf(call), Number(call.params.run_id));
  if (!run) throw notFound();
  return run;
}

async function payload(
  call: RestCall,
  attempt: RunAttempt,
): Promise<JsonObject> {
  const head = await call.world.headCommit(attempt.run);
  return runPayload(call.world.urls, attempt, head);
}

/** GitHub lists a dispatched run some seconds later. */
function hiddenRun(
  call: RestCall,
  repository: Repository,
): WorkflowRun | undefined {
  const { dispatches } = call.world;
  const newest = repository.runs[repository.runs.length - 1];
  if (
    dispatches.hiddenFromLists === 0 ||
    newest?.event !== 'workflow_dispatch'
  ) {
    return undefined;
  }
  dispatches.hiddenFromLists -= 1;
  return newest;
}

async function list(
  call: RestCall,
  repository: Repository,
  workflowId?: number,
): Promise<RestReply> {
  const { query } = call;
  const created = dateFilter(query.get('created'));
  const wanted = {
    branch: query.get('branch'),
    event: query.get('event'),
    sha: query.get('head_sha'),
    actor: query.get('actor'),
    status: query.get('status'),
    suite: query.get('check_suite_id'),
  };
  const hidden = hiddenRun(call, repository);
  const runs = repository.runs
    .filter(run => {
      const { status, conclusion } = latestAttempt(run);
      return (
        run !== hidden &&
        (workflowId === undefined || run.workflow.id === workflowId) &&
        (!wanted.branch || run.headBranch === wanted.branch) &&
        (!wanted.event || run.event === wanted.event) &&
        (!wanted.sha || run.headSha === wanted.sha) &&
        (!wanted.actor || run.actor.login === wanted.actor) &&
        (!wanted.suite || run.checkSuiteId === Number(wanted.suite)) &&
        (!wanted.status ||
          [status, conclusion].includes(wanted.status as typeof status)) &&
        created(run.createdAt)
      );
    })
    .sort((one, other) => other.createdAt - one.createdAt || other.id - one.id);
  const page = pageOf(call, runs);
  return {
    status: 200,
    headers: page.headers,
    body: {
      total_count: runs.length,
      workflow_runs: await Promise.all(
        page.items.map(run => payload(call, latestAttempt(run))),
      ),
    },
  };
}

async function repeat(
  call: RestCall,
  request: { failedOnly: boolean; jobId?: number },
  run: WorkflowRun,
): Promise<RestReply> {
  const attempt = await rerun(call.world, run, {
    actor: actorOf(call),
    ...request,
  });
  if (!attempt) {
    throw new RestError(403, 'This workflow is already running');
  }
  return { status: 201, body: {} };
}

async function cancel(
  call: RestCall,
  options: { force?: boolean } = {},
): Promise<RestReply> {
  actorOf(call);
  const attempt = latestAttempt(runOf(call));
  const player = playerOf(attempt);
  if (attempt.status === 'completed' || !player) {
    throw new RestError(409, 'Cannot cancel a workflow run that is completed.');
  }
  await player.cancel(options);
  return { status: 202, body: {} };
}

export const runHandlers: Handlers = {
  'actions/list-workflow-runs-for-repo': call => list(call, repositoryOf(call)),

  'actions/list-workflow-runs': call => {
    const repository = repositoryOf(call);
    const name = call.params.workflow_id;
    const workflow = [...repository.workflows.values()].find(
      candidate =>
        String(candidate.id) === name || candidate.path.endsWith(`/${name}`),
    );
    if (!workflow) throw notFound();
    return list(call, repository, workflow.id);
  },

  'actions/get-workflow-run': async call => ({
    status: 200,
    body: await payload(call, latestAttempt(runOf(call))),
  }),

  'actions/get-workflow-run-attempt': async call => {
    const attempt =
      runOf(call).attempts[Number(call.params.attempt_number) - 1];
    if (!attempt) throw notFound();
    return { status: 200, body: await payload(call, attempt) };
  },

  'actions/cancel-workflow-run': call => cancel(call),
  'actions/force-cancel-workflow-run': call => cancel(call, { force: true }),

  'actions/re-run-workflow': call =>
    repeat(call, { failedOnly: false }, runOf(call)),

  'actions/re-run-workflow-failed-jobs': call =>
    repeat(call, { failedOnly: true }, runOf(call)),

  'actions/re-run-job-for-workflow-run': call => {
    const job = call.world.job(repositoryOf(call), Number(call.params.job_id));
    if (!job) throw notFound();
    return repeat(call, { failedOnly: false, jobId: job.id }, job.attempt.run);
  },
};
