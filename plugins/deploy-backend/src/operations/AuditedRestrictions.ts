import { AuditorService } from '@backstage/backend-plugin-api';
import { JsonObject } from '@backstage/types';
import { StepControl, StepResult } from '@vvp/backstage-plugin-deploy-node';
import { audited } from '../router/audited';
import { NewStep, RunningOperation, StepRunner } from './engine/types';

/** By name of the step; as the routes call what people do by hand. */
const eventIds: Record<string, string> = {
  'set-hold': 'hold-set',
  'quarantine-release': 'quarantine-set',
  'quarantine-revision': 'revision-quarantine-set',
};

/**
 * Audits what operations hold and quarantine. The actor is the plugin; who asked for the operation stands in
 * the event. A step that is done again is audited again, and says that there was nothing to do.
 */
export class AuditedRestrictions implements StepRunner {
  readonly #runner: StepRunner;
  readonly #auditor: AuditorService;

  constructor(options: { runner: StepRunner; auditor: AuditorService }) {
    this.#runner = options.runner;
    this.#auditor = options.auditor;
  }

  execute(
    operation: RunningOperation,
    step: NewStep,
    control: StepControl,
  ): Promise<StepResult> {
    return audited(
      this.#auditor,
      {
        eventId: eventIds[step.name] ?? step.name,
        meta: factsOf(operation, step),
      },
      async () => {
        const answer = await this.#runner.execute(operation, step, control);
        return { answer, meta: { alreadySet: answer.skipped === true } };
      },
    );
  }

  compensate(
    operation: RunningOperation,
    step: NewStep,
    control: StepControl,
  ): Promise<void> {
    return this.#runner.compensate(operation, step, control);
  }
}

function factsOf(
  {
    id,
    requestedBy,
    automatic,
    reason,
    context,
    environmentId,
  }: RunningOperation,
  { input }: NewStep,
): JsonObject {
  const { entityRef, environment } = (context.environment ?? {}) as JsonObject;
  return {
    operation: id,
    requestedBy,
    automatic,
    ...(reason && { reason }),
    environment: environment ?? environmentId,
    ...(entityRef && { entityRef }),
    ...input,
  };
}
