import type { CommitInfo } from '../git/GitRepository';
import type { JsonObject } from '../json';
import { nodeId } from '../state/Ids';
import type {
  PullRequest,
  Repository,
  RunAttempt,
  Workflow,
} from '../state/model';
import { timestamp } from '../state/time';
import { simpleUser } from './accounts';
import { simpleCommit } from './commits';
import { minimalRepository } from './repositories';
import type { Urls } from './Urls';

/** `workflow`. */
export function workflowPayload(
  urls: Urls,
  repository: Repository,
  workflow: Workflow,
): JsonObject {
  const file = workflow.path.slice(workflow.path.lastIndexOf('/') + 1);
  return {
    id: workflow.id,
    node_id: nodeId('Workflow', workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: workflow.state,
    created_at: timestamp(workflow.createdAt),
    updated_at: timestamp(workflow.createdAt),
    url: `${urls.repository(repository)}/actions/workflows/${workflow.id}`,
    html_url: `${urls.page(repository)}/blob/${repository.defaultBranch}/${
      workflow.path
    }`,
    badge_url: `${urls.page(repository)}/actions/workflows/${file}/badge.svg`,
  };
}

/** `pull-request-minimal`: the pull requests of a run. */
export function minimalPull(
  urls: Urls,
  repository: Repository,
  pull: PullRequest,
): JsonObject {
  const url = urls.repository(repository);
  const repo = { id: repository.id, url, name: repository.name };
  return {
    id: pull.id,
    number: pull.number,
    url: `${url}/pulls/${pull.number}`,
    head: { ref: pull.headBranch, sha: pull.headSha, repo },
    base: { ref: pull.baseBranch, sha: pull.baseSha, repo },
  };
}

/** `workflow-run`, of one attempt. */
export function runPayload(
  urls: Urls,
  attempt: RunAttempt,
  head: CommitInfo,
): JsonObject {
  const { run } = attempt;
  const { repository } = run;
  const api = urls.repository(repository);
  const url = `${api}/actions/runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('WorkflowRun', run.id),
    head_branch: run.headBranch ?? null,
    head_sha: run.headSha,
    path: run.workflow.path,
    display_title: run.displayTitle,
    run_number: run.runNumber,
    event: run.event,
    status: attempt.status,
    conclusion: attempt.conclusion ?? null,
    workflow_id: run.workflow.id,
    check_suite_id: run.checkSuiteId,
    check_suite_node_id: nodeId('CheckSuite', run.checkSuiteId),
    url,
    html_url: `${urls.page(repository)}/actions/runs/${run.id}`,
    pull_requests: run.pull ? [minimalPull(urls, repository, run.pull)] : [],
    created_at: timestamp(run.createdAt),
    updated_at: timestamp(attempt.updatedAt),
    actor: simpleUser(urls, run.actor),
    run_attempt: attempt.number,
    referenced_workflows: [],
    run_started_at: timestamp(attempt.startedAt),
    triggering_actor: simpleUser(urls, attempt.triggeringActor),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${api}/check-suites/${run.checkSuiteId}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url:
      attempt.number > 1 ? `${url}/attempts/${attempt.number - 1}` : null,
    workflow_url: `${api}/actions/workflows/${run.workflow.id}`,
    head_commit: simpleCommit(head),
    repository: minimalRepository(urls, repository),
    head_repository: minimalRepository(urls, repository),
  };
}
