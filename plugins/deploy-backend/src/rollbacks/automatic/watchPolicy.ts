import { ServiceEnvironmentSpec } from '@vvp/backstage-plugin-deploy-common';
import { blueGreenWatch, defaultWatch } from '../../verification/watchVerdict';

/** A deployment that finished longer ago is not fresh, whatever its window: the portal was down. */
export const FRESH_MS = 60 * 60 * 1000;

/** How often a fresh deployment is looked at, and how many seconds apart. */
export function watchPolicy(
  definition: Pick<ServiceEnvironmentSpec, 'target' | 'rollback'> | undefined,
): { checks: number; seconds: number } {
  const { target, rollback } = definition ?? {};
  const window =
    target?.type === 'ecs' && target.strategy === 'blue-green'
      ? blueGreenWatch
      : defaultWatch;
  return {
    checks: rollback?.checks ?? window.checks,
    seconds: rollback?.secondsBetweenChecks ?? window.seconds,
  };
}
