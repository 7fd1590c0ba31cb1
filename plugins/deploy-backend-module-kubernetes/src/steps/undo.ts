import {
  PlannedStep,
  StepControl,
  StepResult,
  TargetError,
} from '@vvp/backstage-plugin-deploy-node';
import { Change } from '../decide/patches';
import { applyChange, findRevision, rememberFound } from './applyChange';
import { equalButForRestarts } from '../model/releases';
import { awaitRollout, Patience } from './awaitRollout';
import { Found, readFound, readRevisionKey, RevisionKey } from './stepData';
import { Look, WorkloadSession } from './WorkloadSession';

const MAX_DISPLACEMENTS = 5;

/** Puts the template of a revision back, and resumes a Deployment that is paused. */
export async function executeUndo(
  session: WorkloadSession,
  step: PlannedStep,
  control: StepControl,
): Promise<StepResult> {
  const key = readRevisionKey(step.input.revision);
  const memory = rememberFound(session, control);
  const changed = await applyChange(
    session,
    control,
    look => ({
      ...backTo(session, look, key, resumed(session)),
      orRestarted: true,
    }),
    memory.beforeChange,
  );
  const found = memory.found();
  control.log(
    changed
      ? `${session.title} asks for revision ${key.name} now.`
      : `${session.title} asks for revision ${key.name} already.`,
  );
  return found
    ? { output: { missedDeadline: found.missedDeadline ?? '' } }
    : { skipped: true };
}

/** Waits for a revision that was put back; puts it back again if something else takes it away. */
export async function executeAwaitUndo(
  session: WorkloadSession,
  step: PlannedStep,
  control: StepControl,
  patience: Patience,
): Promise<StepResult> {
  const key = readRevisionKey(step.input.revision);
  await awaitRevision(session, control, patience, key, {
    missedDeadline: String(control.outputs.undo?.missedDeadline ?? ''),
  });
  return {};
}

/**
 * Brings back what a step replaced, if what the step put in is still there: what somebody else has put in
 * since is newer than this operation and stays.
 */
export async function compensateChange(
  session: WorkloadSession,
  control: StepControl,
  patience: Patience,
  isOurs: (look: Look) => boolean,
): Promise<void> {
  const found = readFound(control.memory);
  if (!found) {
    control.log('Nothing had been changed.');
    return;
  }
  const look = await session.look();
  const isBack = look.current?.uid === found.replaced.uid;
  if (!isBack && !isOurs(look)) {
    control.log(
      `${session.title} has been changed by something else since, and stays as it is.`,
      'warn',
    );
    return;
  }
  await bringBack(session, control, patience, found);
}

async function bringBack(
  session: WorkloadSession,
  control: StepControl,
  patience: Patience,
  found: Found,
): Promise<void> {
  const key = found.replaced;
  // A paused Deployment would bring back nothing: it is paused again when all is done.
  await applyChange(session, control, look =>
    backTo(session, look, key, resumed(session)),
  );
  control.log(`${session.title} asks for revision ${key.name} again.`);
  if (found.wasHealthy) {
    await awaitRevision(session, control, patience, key, found);
  } else {
    control.log('It was not healthy before, so its health is not awaited.');
  }
  if (found.wasPaused) {
    await applyChange(session, control, look =>
      backTo(session, look, key, true),
    );
  }
}

async function awaitRevision(
  session: WorkloadSession,
  control: StepControl,
  patience: Patience,
  key: RevisionKey,
  { missedDeadline }: { missedDeadline?: string },
): Promise<void> {
  let displacements = 0;
  await awaitRollout(session, control, patience, {
    missedDeadline: missedDeadline || undefined,
    isWanted: look =>
      equalButForRestarts(
        look.workload.spec?.template ?? {},
        findRevision(session, look, key).template,
      ),
    async onDisplaced(look) {
      displacements += 1;
      if (displacements > MAX_DISPLACEMENTS) {
        throw new TargetError(
          'unhealthy',
          `Something else keeps putting another template into ${session.title}.`,
          {
            remedy:
              'Stop the pipeline or the GitOps controller that does it, then try again.',
          },
        );
      }
      control.log(
        `Something else has put ${
          look.current?.name ?? 'another template'
        } into ${session.title}; ${key.name} is put back again.`,
        'warn',
      );
      await applyChange(session, control, next =>
        backTo(session, next, key, resumed(session)),
      );
    },
  });
}

function backTo(
  session: WorkloadSession,
  look: Look,
  key: RevisionKey,
  paused: boolean | undefined,
): Change {
  const { template, annotations } = findRevision(session, look, key);
  return { template, annotations, paused };
}

/** Only Deployments can be paused. */
function resumed(session: WorkloadSession): false | undefined {
  return session.kind === 'Deployment' ? false : undefined;
}
