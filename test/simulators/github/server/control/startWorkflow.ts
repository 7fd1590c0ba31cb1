import type { StartRequest } from '../../client/types';
import { startRun } from '../engine';
import type { Repository, WorkflowRun } from '../state/model';
import type { World } from '../state/World';

/** Starts a workflow by schedule or by hand, as nobody's push would. */
export async function startWorkflow(
  world: World,
  repository: Repository,
  request: StartRequest,
): Promise<WorkflowRun> {
  const branch = request.branch ?? repository.defaultBranch;
  const sha = await repository.git.resolve(branch);
  if (!sha) throw new Error(`No branch ${branch}`);
  const definitions = await world.definitions(repository, sha);
  const definition = definitions.find(one =>
    one.path.endsWith(`/${request.workflow}`),
  );
  if (!definition) throw new Error(`No workflow ${request.workflow}`);
  if (definition.events[request.event] === undefined) {
    throw new Error(`${request.workflow} does not listen to ${request.event}`);
  }
  const commit = await repository.git.info(sha);
  const changes = await repository.git.changes(commit.parents[0], sha);
  const inputs = request.inputs ?? {};
  return startRun(world, repository, {
    definition,
    event: request.event,
    ref: `refs/heads/${branch}`,
    headBranch: branch,
    headSha: sha,
    actor: world.account(request.actor ?? 'dana'),
    displayTitle: definition.name,
    eventPayload:
      request.event === 'schedule'
        ? { schedule: definition.events.schedule?.[0]?.cron ?? '' }
        : { inputs, ref: `refs/heads/${branch}`, workflow: definition.path },
    inputs,
    changedFiles: changes.map(change => change.path),
    outcomes: request.outcomes ?? {},
  });
}
