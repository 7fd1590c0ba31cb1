import { jobPayload } from '../serialize';
import type { WorkflowJob } from '../state/model';
import { latestAttempt } from '../state/model';
import { pageOf } from './paging';
import { runOf } from './runs';
import type { Handlers, RestCall, RestReply } from './types';
import { notFound, repositoryOf } from './types';

function list(call: RestCall, jobs: WorkflowJob[]): RestReply {
  const page = pageOf(call, jobs);
  return {
    status: 200,
    headers: page.headers,
    body: {
      total_count: jobs.length,
      jobs: page.items.map(job => jobPayload(call.world.urls, job)),
    },
  };
}

export const jobHandlers: Handlers = {
  'actions/list-jobs-for-workflow-run': call => {
    const run = runOf(call);
    const jobs =
      call.query.get('filter') === 'all'
        ? run.attempts.flatMap(attempt => attempt.jobs)
        : latestAttempt(run).jobs;
    return list(call, jobs);
  },

  'actions/list-jobs-for-workflow-run-attempt': call => {
    const attempt =
      runOf(call).attempts[Number(call.params.attempt_number) - 1];
    if (!attempt) throw notFound();
    return list(call, attempt.jobs);
  },

  'actions/get-job-for-workflow-run': call => {
    const job = call.world.job(repositoryOf(call), Number(call.params.job_id));
    if (!job) throw notFound();
    return { status: 200, body: jobPayload(call.world.urls, job) };
  },
};
