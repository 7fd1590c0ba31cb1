import type { Json } from '../json';
import type { World } from '../state/World';
import type { WorkflowRun } from '../state/model';
import { latestAttempt } from '../state/model';
import type { Contexts } from '../workflow';

/** The `github` context of a run. */
export function githubContext(world: World, run: WorkflowRun): Json {
  const attempt = latestAttempt(run);
  const refName = run.ref.replace(/^refs\/(heads|tags|pull)\//, '');
  return {
    event_name: run.event,
    event: run.eventPayload as Record<string, Json>,
    ref: run.ref,
    ref_name: refName,
    ref_type: run.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    sha: run.headSha,
    head_ref: run.pull?.headBranch ?? '',
    base_ref: run.pull?.baseBranch ?? '',
    repository: run.repository.fullName,
    repository_id: String(run.repository.id),
    repository_owner: run.repository.owner.login,
    actor: run.actor.login,
    triggering_actor: attempt.triggeringActor.login,
    workflow: run.name,
    workflow_ref: `${run.repository.fullName}/${run.workflow.path}@${run.ref}`,
    workflow_sha: run.headSha,
    run_id: String(run.id),
    run_number: String(run.runNumber),
    run_attempt: String(attempt.number),
    server_url: world.urls.web,
    api_url: world.urls.api,
  };
}

function inputValue(text: string): Json {
  return text === 'true' || text === 'false' ? text === 'true' : text;
}

/** `inputs`: a boolean input is a boolean here, unlike in `github.event.inputs`. */
function inputsContext(inputs: Record<string, string>): Json {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, inputValue(value)]),
  );
}

/** The contexts that every part of a run's workflow sees. */
export function runContexts(world: World, run: WorkflowRun): Contexts {
  return {
    github: githubContext(world, run),
    inputs: inputsContext(run.inputs),
    vars: {},
    secrets: {},
    env: {},
    runner: { os: 'Linux', arch: 'X64', name: 'GitHub Actions' },
  };
}
