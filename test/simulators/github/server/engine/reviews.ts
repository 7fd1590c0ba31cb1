import type { JsonObject } from '../json';
import { jobPage, runPayload, simpleUser } from '../serialize';
import type { Account, WorkflowJob } from '../state/model';
import { timestamp } from '../state/time';
import type { World } from '../state/World';

function jobRun(world: World, job: WorkflowJob): JsonObject {
  return {
    id: job.id,
    name: job.name,
    status: job.status,
    conclusion: null,
    environment: job.environment?.name ?? '',
    html_url: jobPage(world.urls, job),
    created_at: timestamp(job.createdAt),
    updated_at: timestamp(world.now),
  };
}

/** `deployment_review`: somebody is asked, or has answered. */
export async function emitReview(
  world: World,
  job: WorkflowJob,
  action: 'requested' | 'approved' | 'rejected',
  answer?: { user: Account; comment: string },
): Promise<void> {
  const { run } = job.attempt;
  const environment = world.environment(
    run.repository,
    job.environment?.name ?? '',
  );
  const reviewers = environment.reviewers.map(reviewer => ({
    type: 'User',
    reviewer: simpleUser(world.urls, reviewer),
  }));
  const payload: JsonObject = {
    workflow_run: runPayload(
      world.urls,
      job.attempt,
      await world.headCommit(run),
    ),
    since: timestamp(world.now),
    reviewers,
  };
  if (action === 'requested') {
    payload.environment = environment.name;
    payload.requestor = simpleUser(world.urls, job.attempt.triggeringActor);
    payload.workflow_job_run = jobRun(world, job);
  } else {
    payload.approver = answer ? simpleUser(world.urls, answer.user) : undefined;
    payload.comment = answer?.comment ?? '';
    // GitHub names the job in the list alone.
    payload.workflow_job_run = { ...jobRun(world, job), name: null };
    payload.workflow_job_runs = [jobRun(world, job)];
  }
  world.webhooks.emit({
    event: 'deployment_review',
    action,
    repository: run.repository,
    sender: answer?.user ?? job.attempt.triggeringActor,
    at: world.now,
    payload,
  });
}
