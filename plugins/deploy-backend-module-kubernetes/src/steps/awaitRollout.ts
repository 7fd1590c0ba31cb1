import { StepControl, TargetError } from '@vvp/backstage-plugin-deploy-node';
import { countsOf, rolloutOf } from '../decide/rollout';
import { formatTrouble, Trouble, troublesOf } from '../decide/trouble';
import { isPodOf } from '../model/revisions';
import { isStuckOldPod } from '../decide/stuckPods';
import { Stopwatches } from './Stopwatches';
import { Look, WorkloadSession } from './WorkloadSession';

/** How long is waited, and for what. */
export interface Patience {
  /** Milliseconds between two looks. */
  pollMs: number;
  /** Milliseconds that a trouble may last which does not go away by waiting. */
  lastingTroubleMs: number;
  /** Seconds without any progress, where the workload has no progressDeadlineSeconds. */
  stallSeconds: number;
}

export const defaultPatience: Patience = {
  pollMs: 2_000,
  lastingTroubleMs: 60_000,
  stallSeconds: 600,
};

/** What is awaited. */
export interface Awaited {
  /** Whether the workload still asks for it. */
  isWanted(look: Look): boolean;
  /** Called if it does not: something else has changed it. */
  onDisplaced(look: Look): Promise<void>;
  /** See {@link rolloutOf}. */
  missedDeadline?: string;
}

/**
 * Waits until all that the workload asks for is in place and available. Throws a TargetError `unhealthy`
 * with the platform's own reason if that will not come.
 */
export async function awaitRollout(
  session: WorkloadSession,
  control: StepControl,
  patience: Patience,
  awaited: Awaited,
): Promise<void> {
  const clock = stopwatchesOf(patience);
  let said = '';
  for (;;) {
    control.signal.throwIfAborted();
    const look = await session.look();
    if (!awaited.isWanted(look)) {
      await awaited.onDisplaced(look);
    } else {
      const rollout = rolloutOf(
        session.kind,
        look.workload,
        awaited.missedDeadline,
      );
      if (rollout.state === 'complete') {
        return;
      }
      if (rollout.state === 'paused') {
        throw paused(session);
      }
      const troubles = await lookAtPods(session, control, look);
      const [trouble] = troubles;
      const text = [rollout.message, trouble && formatTrouble(trouble)]
        .filter(Boolean)
        .join(' ');
      if (
        rollout.state === 'stuck' ||
        clock.isTroubleLasting(trouble, patience.lastingTroubleMs) ||
        clock.isStalled(progressOf(session, look), stallMs(look, patience))
      ) {
        throw unhealthy(session, text);
      }
      if (text !== said) {
        said = text;
        control.log(text, trouble ? 'warn' : 'info');
      }
    }
    await control.wait(patience.pollMs);
  }
}

/** Ten looks may be missing. */
export function stopwatchesOf({ pollMs }: Patience): Stopwatches {
  return new Stopwatches(10 * pollMs);
}

async function lookAtPods(
  session: WorkloadSession,
  control: StepControl,
  look: Look,
): Promise<Trouble[]> {
  const pods = await session.pods(look);
  const { current, workload } = look;
  if (!current) {
    return [];
  }
  for (const pod of pods) {
    if (isStuckOldPod(session.kind, workload, current, pod)) {
      const { name = '', uid = '' } = pod.metadata ?? {};
      control.log(
        `Deletes pod ${name}: it is of an earlier revision and not ready, and the StatefulSet would wait for it for ever.`,
        'warn',
      );
      await session.api.deletePod(name, uid);
    }
  }
  return troublesOf(
    workload,
    current,
    pods.filter(pod => isPodOf(pod, current)),
  );
}

function progressOf(session: WorkloadSession, look: Look): string {
  const { generation } = look.workload.metadata ?? {};
  const old = look.workload.status?.replicas ?? 0;
  return JSON.stringify([
    generation,
    old,
    countsOf(session.kind, look.workload),
  ]);
}

function stallMs(look: Look, patience: Patience): number {
  const own = look.workload.spec?.progressDeadlineSeconds;
  return (own ?? patience.stallSeconds) * 1000;
}

function paused(session: WorkloadSession): TargetError {
  return new TargetError('busy', `${session.title} was paused meanwhile.`, {
    remedy: 'Resume it: kubectl rollout resume.',
  });
}

function unhealthy(session: WorkloadSession, text: string): TargetError {
  return new TargetError(
    'unhealthy',
    `${session.title} does not come up. ${text}`,
    {
      remedy:
        'Look at the diagnostics of the environment for the events and the last lines of the log.',
    },
  );
}
