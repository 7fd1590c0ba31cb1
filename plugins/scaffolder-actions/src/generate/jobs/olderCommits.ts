import { isMatrix } from '../names';
import { Group, PipelinePlan } from '../planModel';
import { Job, Step } from '../model';
import { choiceOf, isChosen } from './choice';
import { predecessors } from './conditions';
import { unitKeysOf } from './order';
import {
  groupsLookedAt,
  testsAfterDeployment,
  testsBeforeDeployment,
} from './testPlaces';

/** What the step of every target is called that brings a release in. */
export const DEPLOY = 'Deploy';

/**
 * The step with what `refuse-older.sh` has to know of a push. Its deployment may come after that of a newer one: tests take
 * their time, and jobs can be run again.
 *
 * @param wayBack - what somebody uses who goes back on purpose
 */
export function inOrder(
  plan: PipelinePlan,
  group: Group,
  { name, env, ...step }: Step,
  wayBack?: string,
): Step {
  if (!hasOneBranch(group)) {
    return { name, env, ...step };
  }
  return {
    name,
    ...(isTold(plan, group) && { id: 'deploy' }),
    env: {
      ...env,
      COMING: '${{ github.sha }}',
      FORCED: `\${{ ${isAskedFor(plan, group)} }}`,
      ...(wayBack && { WAY_BACK: wayBack }),
      GITHUB_TOKEN: '${{ github.token }}',
    },
    ...step,
  };
}

/**
 * Where several branches and tags go to one environment, one that is behind another is no older: it was never to be
 * replaced by that one.
 */
function hasOneBranch({ refs: { branches, tags } }: Group): boolean {
  return (
    branches.length === 1 && !branches[0].includes('*') && tags.length === 0
  );
}

/** Whether somebody started the run for this service, whatever has changed. */
function isAskedFor(plan: PipelinePlan, group: Group): string {
  return Object.keys(choiceOf(plan)).length > 0
    ? isChosen(plan, unitKeysOf(plan, group))
    : "github.event_name == 'workflow_dispatch'";
}

/** Lets a job say that it was refused, where somebody is called for jobs that fail: what is newer is there, and works. */
export function refusalOf(
  plan: PipelinePlan,
  group: Group,
): Pick<Job, 'outputs'> {
  return isTold(plan, group)
    ? { outputs: { refused: '${{ steps.deploy.outputs.refused }}' } }
    : {};
}

/**
 * Whether a job says so. Of several legs nobody could tell which one it is of; and where something of other services waits for
 * it, that does not come either, which somebody has to know of. Those fail as any other job does.
 */
export function isTold(plan: PipelinePlan, group: Group): boolean {
  const { settings } = plan;
  const own = keysOf(group);
  return (
    (settings.failureIssue ?? settings.failureMessage) !== undefined &&
    !isMatrix(group) &&
    hasOneBranch(group) &&
    servicesBehind(plan, group).every(key => own.includes(key))
  );
}

/** The services that something waits for this deployment of, however far behind: others, or tests of what is deployed. */
function servicesBehind(plan: PipelinePlan, { job }: Group): string[] {
  const tests = [...testsBeforeDeployment(plan), ...testsAfterDeployment(plan)];
  const waiting = [
    ...tests.map(one => {
      const there = groupsLookedAt(plan, one.tests);
      return {
        job: one.key,
        needs: there.map(group => group.job),
        services: there.flatMap(keysOf),
      };
    }),
    ...plan.groups.map(group => ({
      job: group.job,
      needs: predecessors(plan, group),
      services: keysOf(group),
    })),
  ];
  const behind = new Set([job]);
  // What is found is looked at in its turn.
  for (const found of behind) {
    waiting
      .filter(({ needs }) => needs.includes(found))
      .forEach(one => behind.add(one.job));
  }
  behind.delete(job);
  return waiting
    .filter(one => behind.has(one.job))
    .flatMap(({ services }) => services);
}

function keysOf({ placements }: Group): string[] {
  return placements.map(({ service }) => service.key);
}
