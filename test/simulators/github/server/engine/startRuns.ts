import type { Outcomes } from '../../client/types';
import type { JsonObject } from '../json';
import { runPayload, workflowPayload } from '../serialize';
import type {
  Account,
  PullRequest,
  Repository,
  RunAttempt,
  WorkflowRun,
} from '../state/model';
import { latestAttempt } from '../state/model';
import type { World } from '../state/World';
import {
  asText,
  evaluateToken,
  triggersOnWorkflowRun,
  type WorkflowDefinition,
} from '../workflow';
import { isObject, type Json } from '../json';
import { runContexts } from './contexts';
import { emitRun } from './runEvents';
import { playerOf, registerPlayer } from './players';
import { RunPlayer } from './RunPlayer';

/** What sets a workflow going. */
export interface RunRequest {
  definition: WorkflowDefinition;
  event: string;
  ref: string;
  headBranch: string | undefined;
  headSha: string;
  actor: Account;
  displayTitle: string | undefined;
  eventPayload: JsonObject;
  inputs?: Record<string, string>;
  changedFiles: string[];
  pull?: PullRequest;
  outcomes: Outcomes;
}

const IDS_OF_A_RUN = 2_000;

export async function startRun(
  world: World,
  repository: Repository,
  request: RunRequest,
): Promise<WorkflowRun> {
  const workflow = world.workflow(repository, request.definition);
  workflow.runCount += 1;
  const head = await repository.git.info(request.headSha);
  const run: WorkflowRun = {
    id: world.ids.next(),
    ids: world.ids.reserve(IDS_OF_A_RUN),
    repository,
    workflow,
    name: request.definition.name,
    runNumber: workflow.runCount,
    event: request.event,
    headBranch: request.headBranch,
    headSha: request.headSha,
    ref: request.ref,
    displayTitle: request.displayTitle ?? head.message.split('\n')[0],
    actor: request.actor,
    checkSuiteId: world.ids.next(),
    createdAt: world.now,
    attempts: [],
    eventPayload: request.eventPayload,
    inputs: request.inputs ?? {},
    changedFiles: request.changedFiles,
    pull: request.pull,
    outcomes: request.outcomes,
    concurrencyGroup: undefined,
    approvals: [],
    ruleReports: [],
  };
  repository.runs.push(run);
  const attempt = newAttempt(world, run, request.actor);
  const { runName, concurrency } = request.definition;
  const contexts = runContexts(world, run);
  if (runName) run.displayTitle = asText(evaluateToken(runName, contexts));
  await emitRun(world, attempt, 'requested');
  await startChained(world, attempt, 'requested');
  if (request.definition.errors.length > 0) {
    attempt.status = 'completed';
    attempt.conclusion = 'startup_failure';
    await emitRun(world, attempt, 'completed');
    return run;
  }
  const settings = concurrency ? evaluateToken(concurrency, contexts) : null;
  await play(world, attempt, request.definition, settings);
  return run;
}

export function newAttempt(
  world: World,
  run: WorkflowRun,
  triggeringActor: Account,
): RunAttempt {
  const attempt: RunAttempt = {
    number: run.attempts.length + 1,
    run,
    status: 'queued',
    conclusion: undefined,
    startedAt: world.now,
    updatedAt: world.now,
    triggeringActor,
    jobs: [],
    cancelRequested: false,
  };
  run.attempts.push(attempt);
  return attempt;
}

/** Begins an attempt as soon as its concurrency group lets it. */
export async function play(
  world: World,
  attempt: RunAttempt,
  definition: WorkflowDefinition,
  concurrency: Json,
  prepare: (player: RunPlayer) => void = () => undefined,
): Promise<void> {
  const { run } = attempt;
  const settings = isObject(concurrency) ? concurrency : { group: concurrency };
  const group = asText((settings.group ?? null) as Json);
  const key = `${run.repository.fullName}/${group}`;
  const player = new RunPlayer({
    world,
    attempt,
    definition,
    onCompleted: async () => {
      if (group) world.concurrency.release(key, attempt);
      await startChained(world, attempt, 'completed');
    },
  });
  registerPlayer(player);
  prepare(player);
  if (!group) {
    await player.begin();
    return;
  }
  run.concurrencyGroup = group;
  const { holder, displaced } = world.concurrency.acquire(
    key,
    attempt,
    () =>
      world.scheduler.schedule(world.now, () =>
        // Cancelled while it waited: nothing of it begins.
        attempt.status === 'completed' ? undefined : player.begin(),
      ),
    settings.queue === 'max' ? 'max' : 'single',
  );
  const gone = [
    displaced,
    settings['cancel-in-progress'] === true ? holder : undefined,
  ];
  for (const other of gone) {
    const otherPlayer = other && playerOf(other as RunAttempt);
    if (otherPlayer) await otherPlayer.cancel();
  }
}

/** Starts the workflows that listen to this one by `workflow_run`. */
async function startChained(
  world: World,
  attempt: RunAttempt,
  action: 'requested' | 'completed',
): Promise<void> {
  const { run } = attempt;
  const { repository } = run;
  const definitions = await world.definitions(
    repository,
    repository.defaultBranch,
  );
  const listening = definitions.filter(definition =>
    triggersOnWorkflowRun(
      definition.events,
      action,
      run.name,
      run.headBranch ?? '',
    ),
  );
  if (listening.length === 0) return;
  const sha = await repository.git.resolve(repository.defaultBranch);
  if (!sha) return;
  const eventPayload = {
    action,
    workflow: workflowPayload(world.urls, repository, run.workflow),
    workflow_run: runPayload(
      world.urls,
      latestAttempt(run),
      await world.headCommit(run),
    ),
  };
  for (const definition of listening) {
    await startRun(world, repository, {
      definition,
      event: 'workflow_run',
      ref: `refs/heads/${repository.defaultBranch}`,
      headBranch: repository.defaultBranch,
      headSha: sha,
      actor: run.actor,
      displayTitle: definition.name,
      eventPayload,
      changedFiles: run.changedFiles,
      outcomes: run.outcomes,
    });
  }
}
