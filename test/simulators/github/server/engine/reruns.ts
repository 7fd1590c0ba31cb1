import type { Outcomes } from '../../client/types';
import type {
  Account,
  RunAttempt,
  WorkflowJob,
  WorkflowRun,
} from '../state/model';
import { latestAttempt } from '../state/model';
import type { World } from '../state/World';
import { evaluateToken } from '../workflow';
import { runContexts } from './contexts';
import type { JobNode } from './JobGraph';
import { playerOf } from './players';
import { emitRun } from './runEvents';
import type { RunPlayer } from './RunPlayer';
import { newAttempt, play } from './startRuns';

export interface RerunRequest {
  actor: Account;
  /** Only what did not succeed, and what depends on it. */
  failedOnly: boolean;
  /** Only this job, and what depends on it. */
  jobId?: number;
  outcomes?: Outcomes;
}

/** Starts another attempt of a run that has ended. */
export async function rerun(
  world: World,
  run: WorkflowRun,
  request: RerunRequest,
): Promise<RunAttempt | undefined> {
  const before = latestAttempt(run);
  if (before.status !== 'completed') return undefined;
  const definition = await world.definition(
    run.repository,
    run.headSha,
    run.workflow.path,
  );
  if (!definition) return undefined;
  const earlier = playerOf(before);
  // Nobody planned how the second attempt ends: not as the first did.
  run.outcomes = request.outcomes ?? {};
  const attempt = newAttempt(world, run, request.actor);
  await emitRun(world, attempt, 'requested');
  const concurrency = definition.concurrency
    ? evaluateToken(definition.concurrency, runContexts(world, run))
    : null;
  await play(world, attempt, definition, concurrency, player => {
    if (!earlier || (!request.failedOnly && request.jobId === undefined))
      return;
    const repeated = nodesToRepeat(earlier, request);
    for (const node of player.graph.nodes) {
      const old = earlier.graph.node(node.id);
      if (!old || repeated.has(node.id)) continue;
      player.adopt(
        node,
        old.legs.map(leg => copyOf(attempt, leg)),
        old.outputs,
      );
    }
  });
  return attempt;
}

function nodesToRepeat(earlier: RunPlayer, request: RerunRequest): Set<string> {
  const isWanted = (node: JobNode) =>
    request.jobId === undefined
      ? node.result === 'failure' || node.result === 'cancelled'
      : node.legs.some(leg => leg.id === request.jobId);
  const repeated = new Set(
    earlier.graph.nodes.filter(isWanted).map(node => node.id),
  );
  let grew = true;
  while (grew) {
    grew = false;
    for (const node of earlier.graph.nodes) {
      if (repeated.has(node.id)) continue;
      if (!node.needs.some(need => repeated.has(need))) continue;
      repeated.add(node.id);
      grew = true;
    }
  }
  return repeated;
}

/** GitHub lists a job that is not repeated again: new id, old times, no event. */
function copyOf(attempt: RunAttempt, job: WorkflowJob): WorkflowJob {
  return { ...job, id: attempt.run.ids.next(), attempt };
}
