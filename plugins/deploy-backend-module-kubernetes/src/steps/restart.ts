import {
  PlannedStep,
  StepControl,
  StepResult,
  TargetError,
} from '@vvp/backstage-plugin-deploy-node';
import { restartedTemplate } from '../decide/patches';
import { RESTARTED_AT } from '../model/releases';
import { applyChange, rememberFound } from './applyChange';
import { awaitRollout, Patience } from './awaitRollout';
import { Look, WorkloadSession } from './WorkloadSession';

/** Marks the template with the time of the plan, as `kubectl rollout restart` does with its own. */
export async function executeRestart(
  session: WorkloadSession,
  step: PlannedStep,
  control: StepControl,
): Promise<StepResult> {
  const restartedAt = readTime(step);
  const memory = rememberFound(session, control);
  await applyChange(
    session,
    control,
    look => ({
      template: restartedTemplate(
        look.workload.spec?.template ?? {},
        restartedAt,
      ),
    }),
    memory.beforeChange,
  );
  control.log(`${session.title} replaces all of its pods.`);
  return { output: { missedDeadline: memory.found()?.missedDeadline ?? '' } };
}

/** Waits for the new pods; a template that somebody else puts in meanwhile brings new pods as well. */
export async function executeAwaitRestart(
  session: WorkloadSession,
  step: PlannedStep,
  control: StepControl,
  patience: Patience,
): Promise<StepResult> {
  const restartedAt = readTime(step);
  let isToldOf = false;
  await awaitRollout(session, control, patience, {
    missedDeadline:
      String(control.outputs.restart?.missedDeadline ?? '') || undefined,
    isWanted: look => {
      if (!isRestarted(look, restartedAt) && !isToldOf) {
        isToldOf = true;
        control.log(
          `Something else has put another template into ${session.title}; its pods are awaited.`,
          'warn',
        );
      }
      return true;
    },
    onDisplaced: async () => {},
  });
  return {};
}

/** Whether the template carries the mark of this step. */
export function isRestartedBy(step: PlannedStep): (look: Look) => boolean {
  const restartedAt = readTime(step);
  return look => isRestarted(look, restartedAt);
}

function isRestarted(look: Look, restartedAt: string): boolean {
  const annotations = look.workload.spec?.template?.metadata?.annotations;
  return annotations?.[RESTARTED_AT] === restartedAt;
}

function readTime(step: PlannedStep): string {
  const { restartedAt } = step.input;
  if (typeof restartedAt !== 'string') {
    throw new TargetError('invalid', 'The stored step has no time.', {
      remedy: 'Ask for the operation anew.',
    });
  }
  return restartedAt;
}
