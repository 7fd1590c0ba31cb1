import { Job, Step } from '../model';
import { environmentExpression, lockKey } from '../names';
import { Group, PipelinePlan, Placement } from '../plan';
import {
  buildsImageApart,
  deployCondition,
  needing,
  predecessors,
} from './conditions';
import { containerAppSteps, matrixOf } from './containerApp';
import { ecsLogin, ecsSteps } from './ecs';
import { imageSteps } from './imageJob';
import { azureLogin, checkout } from './steps';
import { configFileSteps, releaseSteps } from './virtualMachine';

/** The job that brings a release into an environment, and back out of it if it does not work there. */
export function deployJob(plan: PipelinePlan, group: Group): Job {
  const [first] = group.placements;
  const lock = lockKey(group);
  const name = environmentExpression(plan, group);
  return {
    ...(group.placements.length > 1 && { name: legName(group) }),
    ...needing(predecessors(plan, group)),
    if: deployCondition(plan, group.key),
    'runs-on': plan.settings.runner,
    'timeout-minutes':
      first.environment.deploy?.timeoutMinutes ?? usualMinutes(first),
    permissions: { contents: 'read', 'id-token': 'write' },
    environment: {
      name,
      ...(first.environment.url && {
        url:
          group.placements.length > 1
            ? '${{ matrix.url }}'
            : first.environment.url,
      }),
    },
    // A newer run waits until this one is through, however many there are.
    concurrency: {
      group: lock === '' ? `deploy-${name}` : lock.replace(':', '-'),
      'cancel-in-progress': false,
      queue: 'max',
    },
    ...(group.placements.length > 1 && {
      strategy: { 'fail-fast': false, matrix: { include: matrixOf(group) } },
    }),
    steps: [checkout(), loginOf(plan, first), ...stepsOf(plan, group)],
  };
}

/**
 * ECS waits for the targets of its load balancer, in and out again if it goes back; a machine for its turn, and for
 * both ways as well.
 */
function usualMinutes({ target }: Placement): number {
  const longer: Partial<Record<string, number>> = { ecs: 60, 'azure-vm': 45 };
  return longer[target.type] ?? 20;
}

function loginOf(plan: PipelinePlan, { target }: Placement): Step {
  return target.type === 'ecs' ? ecsLogin(plan, target.region) : azureLogin();
}

/** As `jobs` of `deploy.yaml` tells the legs apart. GitHub would name every value, and cut what gets too long. */
function legName({ job, placements: [{ matrix }] }: Group): string {
  const columns = Object.keys(matrix);
  return `${job} (${(columns.length > 0 ? columns : ['service'])
    .map(column => `\${{ matrix.${column} }}`)
    .join(', ')})`;
}

function stepsOf(plan: PipelinePlan, group: Group): Step[] {
  const [{ target }] = group.placements;
  if (target.type === 'azure-vm') {
    return target.release
      ? releaseSteps(plan, group.placements[0])
      : configFileSteps(group.placements[0]);
  }
  if (target.type === 'ecs') {
    return ecsSteps(group);
  }
  return [
    ...(buildsImageApart(group) ? [] : imageSteps(group)),
    ...containerAppSteps(group),
  ];
}
