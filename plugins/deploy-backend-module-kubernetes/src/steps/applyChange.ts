import { StepControl, TargetError } from '@vvp/backstage-plugin-deploy-node';
import { Change, changePatch, fenceOf } from '../decide/patches';
import { missedDeadlineOf, rolloutOf } from '../decide/rollout';
import { equalTemplates } from '../model/equalTemplates';
import { equalButForRestarts } from '../model/releases';
import { Workload, WorkloadRevision } from '../model/types';
import { Found, keyOf, readFound, RevisionKey } from './stepData';
import { Look, WorkloadSession } from './WorkloadSession';

const MAX_CONFLICTS = 8;

/**
 * Changes the workload as `decide` says, unless it is so already. What is decided on is what is changed:
 * if the workload changes in between, it is read and decided on again.
 *
 * @returns whether there was something to change
 */
export async function applyChange(
  session: WorkloadSession,
  control: StepControl,
  decide: (look: Look) => Change,
  beforeChange: (look: Look) => Promise<void> = async () => {},
): Promise<boolean> {
  for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
    const look = await session.look();
    refuseIfTakenOver(session, look.workload, control);
    const change = decide(look);
    if (isDone(look.workload, change)) {
      return false;
    }
    await beforeChange(look);
    const patch = changePatch(session.kind, look.workload, change, control);
    if (await session.api.patchWorkload(session.kind, session.name, patch)) {
      return true;
    }
    control.log(`${session.title} has just changed; it is read again.`);
    await control.wait(100 * 2 ** conflicts);
  }
  throw new TargetError(
    'transient',
    `${session.title} is changed by something else all the time.`,
  );
}

function isDone(workload: Workload, change: Change): boolean {
  const isEqual = change.orRestarted ? equalButForRestarts : equalTemplates;
  return (
    isEqual(workload.spec?.template ?? {}, change.template) &&
    (change.paused === undefined ||
      (workload.spec?.paused ?? false) === change.paused)
  );
}

/** A process that has lost the operation must not change anything any more. */
function refuseIfTakenOver(
  session: WorkloadSession,
  workload: Workload,
  control: StepControl,
): void {
  const fence = fenceOf(workload, control.operationId);
  if (fence !== undefined && fence > control.fence) {
    throw new TargetError(
      'busy',
      `Another process has taken this operation over and has changed ${session.title}.`,
    );
  }
}

/** Remembers, once for all attempts, what is there before the first change. */
export function rememberFound(
  session: WorkloadSession,
  control: StepControl,
): { found(): Found | undefined; beforeChange(look: Look): Promise<void> } {
  let found = readFound(control.memory);
  return {
    found: () => found,
    async beforeChange(look) {
      if (found) {
        return;
      }
      if (!look.current) {
        throw notYetSeen(session, look.workload);
      }
      found = {
        replaced: keyOf(look.current),
        wasPaused: look.workload.spec?.paused ?? false,
        wasHealthy: rolloutOf(session.kind, look.workload).state === 'complete',
        missedDeadline: missedDeadlineOf(look.workload),
      };
      const { missedDeadline, ...rest } = found;
      await control.remember({
        found:
          missedDeadline === undefined ? rest : { ...rest, missedDeadline },
      });
    },
  };
}

/** What runs now could not be put back: no revision of it has been made. */
function notYetSeen(session: WorkloadSession, workload: Workload): TargetError {
  return workload.spec?.paused
    ? new TargetError(
        'invalid',
        `${session.title} is paused with a template that has never been rolled out, and which would be lost.`,
        { remedy: 'Resume it (kubectl rollout resume), then try again.' },
      )
    : new TargetError(
        'busy',
        `The controller has not yet made a revision of the template of ${session.title}.`,
      );
}

/** The revision as it is there now. */
export function findRevision(
  session: WorkloadSession,
  look: Look,
  key: RevisionKey,
): WorkloadRevision {
  const revision = look.revisions.find(({ uid }) => uid === key.uid);
  if (!revision) {
    throw new TargetError(
      'not-found',
      `Revision ${key.name} of ${session.title} is gone.`,
      {
        remedy:
          'Choose another one, and raise revisionHistoryLimit of the workload to keep more.',
      },
    );
  }
  return revision;
}
