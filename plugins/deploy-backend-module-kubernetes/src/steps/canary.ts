import {
  PlannedStep,
  StepControl,
  StepResult,
  TargetError,
} from '@vvp/backstage-plugin-deploy-node';
import { CanaryShare, shareOf } from '../decide/canary';
import { rolloutOf } from '../decide/rollout';
import { formatTrouble, troublesOf } from '../decide/trouble';
import { equalButForRestarts, groupRevisions } from '../model/releases';
import { applyChange, rememberFound } from './applyChange';
import { awaitRollout, Patience, stopwatchesOf } from './awaitRollout';
import { readFound, readRevisionKey, RevisionKey } from './stepData';
import { Stopwatches } from './Stopwatches';
import { Look, WorkloadSession } from './WorkloadSession';

/** A rollout that is not paused goes on between two looks: it is looked at more often. */
const ROLLING_POLL_MS = 250;

/**
 * Lets the rollout go on until the release has its share of the pods, pauses it there, and waits until all
 * of its pods are ready.
 */
export async function executeStart(
  session: WorkloadSession,
  step: PlannedStep,
  control: StepControl,
  patience: Patience,
): Promise<StepResult> {
  const key = readRevisionKey(step.input.revision);
  const percent = readPercent(step);
  const clock = stopwatchesOf(patience);
  let said = '';
  for (;;) {
    control.signal.throwIfAborted();
    const { look, share } = await lookAtShare(session, key);
    if (share.isAlone && share.own.length > 0) {
      throw rolledOut(session, key);
    }
    const isPaused = look.workload.spec?.paused === true;
    const isEnough = share.orderedPercent >= percent;
    if (isPaused !== isEnough) {
      await setPaused(session, control, key, isEnough);
      control.log(
        isEnough
          ? `${session.title} is paused: ${share.own.length} of its pods are of ${key.name}.`
          : `${session.title} goes on until ${percent} % of its pods are of ${key.name}.`,
      );
      continue;
    }
    if (isPaused && share.ready === share.own.length) {
      control.log(
        `${share.ready} pods of ${key.name} are ready, ${share.percent} % of all.`,
      );
      return {};
    }
    const text = await watch(session, look, share, { clock, patience });
    if (text !== said) {
      said = text;
      control.log(text);
    }
    await control.wait(
      isPaused ? patience.pollMs : Math.min(patience.pollMs, ROLLING_POLL_MS),
    );
  }
}

/** Stops the rollout where it is. */
export async function executePause(
  session: WorkloadSession,
  step: PlannedStep,
  control: StepControl,
): Promise<StepResult> {
  const key = readRevisionKey(step.input.revision);
  const changed = await setPaused(session, control, key, true);
  control.log(`${session.title} is paused.`);
  return { skipped: !changed && readFound(control.memory) === undefined };
}

/** Lets the rollout go on, and waits until all pods are of the release. */
export async function executeFinish(
  session: WorkloadSession,
  step: PlannedStep,
  control: StepControl,
  patience: Patience,
): Promise<StepResult> {
  const key = readRevisionKey(step.input.revision);
  await setPaused(session, control, key, false);
  control.log(`${session.title} goes on with ${key.name}.`);
  await awaitRollout(session, control, patience, {
    missedDeadline: readFound(control.memory)?.missedDeadline,
    isWanted: look => isAskedFor(look, key),
    onDisplaced: async look => {
      throw displaced(session, look, key);
    },
  });
  return {};
}

/** Pauses the rollout again, or lets it go on again, as it was found. */
export async function compensatePaused(
  session: WorkloadSession,
  step: PlannedStep,
  control: StepControl,
): Promise<void> {
  const key = readRevisionKey(step.input.revision);
  const found = readFound(control.memory);
  if (!found) {
    control.log('Nothing had been changed.');
    return;
  }
  const look = await session.look();
  if (!isAskedFor(look, key)) {
    control.log(
      `${session.title} has been changed by something else since, and stays as it is.`,
      'warn',
    );
    return;
  }
  if (rolloutOf(session.kind, look.workload).state === 'complete') {
    control.log('All of its pods are of this revision: there is nothing left.');
    return;
  }
  await setPaused(session, control, key, found.wasPaused);
  control.log(
    found.wasPaused
      ? `${session.title} is paused again.`
      : `${session.title} goes on again.`,
  );
}

/** Whether the workload asks for a revision, restarted or not. */
export function isAskedFor(look: Look, key: RevisionKey): boolean {
  const revision = look.revisions.find(({ uid }) => uid === key.uid);
  return (
    revision !== undefined &&
    equalButForRestarts(look.workload.spec?.template ?? {}, revision.template)
  );
}

async function lookAtShare(
  session: WorkloadSession,
  key: RevisionKey,
): Promise<{ look: Look; share: CanaryShare }> {
  const look = await session.look();
  const groups = groupRevisions(look.revisions);
  const group = groups.find(({ members }) =>
    members.some(({ uid }) => uid === key.uid),
  );
  if (!group || !isAskedFor(look, key)) {
    throw displaced(session, look, key);
  }
  const pods = await session.pods(look);
  return { look, share: shareOf(groups, group, pods) };
}

/** What keeps the pods from coming up; throws if that does not go away. */
async function watch(
  session: WorkloadSession,
  { workload, current }: Look,
  { own, ready }: CanaryShare,
  { clock, patience }: { clock: Stopwatches; patience: Patience },
): Promise<string> {
  const [trouble] = troublesOf(workload, current, own);
  const seconds =
    workload.spec?.progressDeadlineSeconds ?? patience.stallSeconds;
  const text = [
    `${ready} of ${own.length} pods of this revision are ready.`,
    trouble && formatTrouble(trouble),
  ]
    .filter(Boolean)
    .join(' ');
  if (
    clock.isTroubleLasting(trouble, patience.lastingTroubleMs) ||
    clock.isStalled(`${ready} ${own.length}`, seconds * 1000)
  ) {
    throw new TargetError(
      'unhealthy',
      `The new pods of ${session.title} do not come up. ${text}`,
      {
        remedy:
          'Look at the diagnostics of the environment for the events and the last lines of the log.',
      },
    );
  }
  return text;
}

/** @returns whether there was something to change */
async function setPaused(
  session: WorkloadSession,
  control: StepControl,
  key: RevisionKey,
  paused: boolean,
): Promise<boolean> {
  const memory = rememberFound(session, control);
  return applyChange(
    session,
    control,
    look => {
      if (!isAskedFor(look, key)) {
        throw displaced(session, look, key);
      }
      return { template: look.workload.spec?.template ?? {}, paused };
    },
    memory.beforeChange,
  );
}

function displaced(
  session: WorkloadSession,
  look: Look,
  key: RevisionKey,
): TargetError {
  return new TargetError(
    'invalid',
    `${session.title} no longer asks for ${key.name}, but for ${
      look.current?.name ?? 'another template'
    }.`,
    { remedy: 'Deploy the release again, if it is still wanted.' },
  );
}

/** All pods are new: there was no canary. */
export function rolledOut(
  session: WorkloadSession,
  { name }: RevisionKey,
): TargetError {
  return new TargetError(
    'invalid',
    `All pods of ${session.title} are of ${name} already, so it cannot get a part of the traffic first.`,
    {
      remedy:
        'Let the pipeline pause the rollout right after it began: kubectl rollout pause.',
    },
  );
}

function readPercent({ input }: PlannedStep): number {
  if (typeof input.percent !== 'number') {
    throw new TargetError('invalid', 'The stored step names no share.', {
      remedy: 'Ask for the operation anew.',
    });
  }
  return input.percent;
}
