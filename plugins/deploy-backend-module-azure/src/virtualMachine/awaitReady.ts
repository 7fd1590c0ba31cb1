import { JsonObject } from '@backstage/types';
import { TargetHealth } from '@vvp/backstage-plugin-deploy-common';
import { StepControl, TargetError } from '@vvp/backstage-plugin-deploy-node';
import { hasFailed } from './judgeHealth';

/** Limits of waiting for a service to come up. */
export interface ReadyLimits {
  /** How long after the first look, in milliseconds. */
  deadlineMs: number;
  /** Between two scripts that look, in milliseconds. */
  pauseMs: number;
}

/** How long one script waits at most; another service on the machine has its turn in between. */
const LONGEST_WAIT_SECONDS = 15;

/** How long a script may wait on the machine, in whole seconds. */
export function waitSeconds(leftMs: number): number {
  return Math.max(0, Math.min(LONGEST_WAIT_SECONDS, Math.ceil(leftMs / 1000)));
}

/** What every service gets unless a test says otherwise. */
export const defaultReadyLimits: ReadyLimits = {
  deadlineMs: 120_000,
  pauseMs: 2_000,
};

/**
 * Runs a script until what it sees is healthy. Throws a TargetError `unhealthy` at the deadline, which
 * counts over all attempts, or as soon as systemd has given up.
 *
 * @param look - told how many seconds it may wait on the machine
 */
export async function awaitReady(
  control: StepControl,
  limits: ReadyLimits,
  look: (wait: number) => Promise<{ seen: JsonObject; health: TargetHealth }>,
): Promise<void> {
  const since = await firstLook(control);
  for (;;) {
    const left = limits.deadlineMs - (Date.now() - since);
    const { seen, health } = await look(waitSeconds(left));
    // Where nothing is asked of the service, its being in place has to do.
    if (health.state === 'healthy' || health.state === 'unknown') {
      control.log(health.reason ?? 'It is up.');
      return;
    }
    const reason = health.reason ?? 'It is not up.';
    if (hasFailed(seen) || Date.now() - since >= limits.deadlineMs) {
      throw new TargetError('unhealthy', reason, {
        remedy: 'See the journal of the unit in diagnostics.',
      });
    }
    control.log(reason, 'warn');
    await control.wait(limits.pauseMs);
  }
}

async function firstLook(control: StepControl): Promise<number> {
  const { since } = control.memory;
  if (typeof since === 'number') {
    return since;
  }
  const now = Date.now();
  await control.remember({ ...control.memory, since: now });
  return now;
}
