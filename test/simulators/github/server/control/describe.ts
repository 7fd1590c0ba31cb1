import type { FeedbackSummary, RunSummary } from '../../client/types';
import type { Repository, WorkflowRun } from '../state/model';
import { isNewest } from '../state/model';
import type { World } from '../state/World';

/** A run as the control API tells it: short, every attempt. */
export function describeRun(run: WorkflowRun): RunSummary {
  return {
    id: run.id,
    workflow: run.name,
    event: run.event,
    headBranch: run.headBranch,
    headSha: run.headSha,
    attempts: run.attempts.map(attempt => ({
      number: attempt.number,
      status: attempt.status,
      conclusion: attempt.conclusion,
      jobs: attempt.jobs.map(job => ({
        id: job.id,
        name: job.name,
        status: job.status,
        conclusion: job.conclusion,
        environment: job.environment?.name,
      })),
    })),
  };
}

/** What others told about commits and pull requests, oldest first. */
export function describeFeedback(
  world: World,
  repository: Repository,
): FeedbackSummary {
  return {
    checks: repository.checks.map(check => ({
      id: check.id,
      sha: check.headSha,
      name: check.name,
      status: check.status,
      conclusion: check.conclusion,
      title: check.title,
      summary: check.summary,
      detailsUrl: check.detailsUrl,
      isShown: isNewest(repository.checks, check),
      annotations: check.annotations.map(annotation => ({ ...annotation })),
    })),
    statuses: repository.statuses.map(status => ({
      sha: status.sha,
      context: status.context,
      state: status.state,
      description: status.description,
      targetUrl: status.targetUrl,
    })),
    comments: repository.comments.map(comment => ({
      id: comment.id,
      number: comment.number,
      author: comment.author.login,
      body: comment.body,
      page: `${world.urls.page(repository)}/pull/${comment.number}`,
    })),
  };
}
