import { signaturePermissions, signatureSteps } from '../images/images';
import { Job } from '../model';
import { environmentExpression, isMatrix, lockKey } from '../names';
import { Group, PipelinePlan, Placement } from '../planModel';
import { TargetKind, targetKind } from '../targets';
import {
  afterEarlier,
  deployCondition,
  needing,
  predecessors,
} from './conditions';
import { deployMinutes } from './deployMinutes';
import { matrixOf } from './matrix';
import { DEPLOY, inOrder, refusalOf } from './olderCommits';
import { checkout } from './steps';

/** The job that brings a release into an environment, and back out of it if it does not work there. */
export function deployJob(plan: PipelinePlan, group: Group): Job {
  const [first] = group.placements;
  const kind = targetKind(first.target.type);
  const minutes = deployMinutes(plan, group);
  const login = kind?.login(plan, first, minutes) ?? [];
  const lock = lockKey(group);
  const needs = predecessors(plan, group);
  const name = environmentExpression(plan, group);
  return {
    ...(isMatrix(group) && { name: legName(group) }),
    ...needing(needs),
    if: [
      deployCondition(plan, [group], needs),
      ...afterEarlier(plan, group),
    ].join(' && '),
    'runs-on': plan.settings.runner,
    'timeout-minutes': minutes,
    permissions: {
      contents: 'read',
      ...(!isTokenless(plan, kind, first) && { 'id-token': 'write' as const }),
      ...signaturePermissions(group),
      ...kind?.permissions?.(plan, group),
    },
    environment: {
      name,
      ...addressOf(group),
    },
    // A newer run waits until this one is through, however many there are.
    concurrency: {
      group: lock === '' ? `deploy-${name}` : lock.replace(':', '-'),
      'cancel-in-progress': false,
      queue: 'max',
    },
    ...(isMatrix(group) && {
      strategy: { 'fail-fast': false, matrix: { include: matrixOf(group) } },
    }),
    ...refusalOf(plan, group),
    steps: [
      checkout(),
      ...login,
      ...signatureSteps(plan, group, login),
      ...(kind?.steps(plan, group) ?? []).map(step =>
        step.name === DEPLOY
          ? inOrder(plan, group, step, kind?.wayBack?.(plan, first))
          : step,
      ),
    ],
  };
}

/** Each leg of a matrix has its own, where any of them has one. */
function addressOf(group: Group): { url?: string } {
  const [first] = group.placements;
  if (isMatrix(group)) {
    return group.placements.some(({ environment }) => environment.url)
      ? { url: '${{ matrix.url }}' }
      : {};
  }
  return first.environment.url ? { url: first.environment.url } : {};
}

function isTokenless(
  plan: PipelinePlan,
  kind: TargetKind | undefined,
  placement: Placement,
): boolean {
  const { isTokenless: is = false } = kind ?? {};
  return typeof is === 'boolean' ? is : is(plan, placement);
}

/** As `jobs` of `deploy.yaml` tells the legs apart. GitHub would name every value, and cut what gets too long. */
function legName({ job, placements: [{ matrix }] }: Group): string {
  const columns = Object.keys(matrix);
  return `${job} (${(columns.length > 0 ? columns : ['service'])
    .map(column => `\${{ matrix.${column} }}`)
    .join(', ')})`;
}
