import { Revision } from '@azure/arm-appcontainers';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { Readiness, readinessOf, replicaReasons } from '../readiness';
import { readySecondsIn } from './input';
import { StepContext } from './types';

/**
 * Waits until a revision can serve. The time that it has counts from the first attempt of the step, in
 * whatever process.
 *
 * @param clock - name under which the step remembers when the wait began
 */
export async function awaitReady(
  context: StepContext,
  revision: string,
  hasIngress: boolean,
  clock: string = 'waitsSince',
): Promise<void> {
  const { api, control, pollIntervalMs } = context;
  let told = '';
  for (;;) {
    const lookedAt = Date.now();
    const readiness = readinessOf(await api.revision(revision), hasIngress);
    if (readiness.state === 'ready') {
      control.log(`${revision} is healthy: ${readiness.reason}`);
      return;
    }
    if (readiness.reason !== told) {
      told = readiness.reason;
      control.log(`${revision}: ${told}`);
    }
    const deadlinePassed = await isOverdue(context, clock, lookedAt);
    if (readiness.state === 'failed' || deadlinePassed) {
      throw await notHealthy(context, revision, readiness);
    }
    await control.wait(pollIntervalMs);
  }
}

/**
 * Whether the time was over at a look; begins to count at the first one. What was seen before it was over
 * decides nothing, however late that was answered.
 */
export async function isOverdue(
  context: StepContext,
  clock: string,
  lookedAt: number,
): Promise<boolean> {
  const since = context.memory.number(clock);
  if (since === undefined) {
    await context.memory.add({ [clock]: lookedAt });
    return false;
  }
  return lookedAt - since > readySecondsIn(context.input) * 1000;
}

/** Why a revision does not come up, with what its replicas say. */
export async function notHealthy(
  context: StepContext,
  revision: string,
  readiness: Readiness,
): Promise<TargetError> {
  const reasons = await context.api
    .replicas(revision)
    .then(replicaReasons)
    .catch(() => []);
  const details = [readiness.reason, ...reasons].join('; ');
  return new TargetError(
    'unhealthy',
    readiness.state === 'failed'
      ? `Revision ${revision} failed: ${details}.`
      : `Revision ${revision} did not become healthy within ${readySecondsIn(
          context.input,
        )} seconds: ${details}.`,
    {
      remedy:
        'Read its logs in Log Analytics or with "az containerapp logs show", or choose another revision.',
    },
  );
}

/** Whether a revision is ready right now. */
export function isReady(revision: Revision, hasIngress: boolean): boolean {
  return readinessOf(revision, hasIngress).state === 'ready';
}
