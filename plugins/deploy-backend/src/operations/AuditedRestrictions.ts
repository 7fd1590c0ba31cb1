import { AuditorService, LoggerService } from '@backstage/backend-plugin-api';
import { JsonObject } from '@backstage/types';
import { StepControl, StepResult } from '@vvp/backstage-plugin-deploy-node';
import { inTime } from '../targets/inTime';
import { NewStep, RunningOperation, StepRunner } from './engine/types';

/** How long the auditor is waited for, in milliseconds. */
const AUDIT_MS = 10_000;

/** By name of the step; as the routes call what people do by hand. */
const eventIds: Record<string, string> = {
  'set-hold': 'hold-set',
  'quarantine-release': 'quarantine-set',
  'quarantine-revision': 'revision-quarantine-set',
};

/**
 * Audits what operations hold and quarantine. The actor is the plugin; who asked for the operation stands in
 * the event. A step that is done again is audited again: the event before it may have had no end.
 *
 * An auditor that fails is logged and no more: what was bad is kept out all the same.
 */
export class AuditedRestrictions implements StepRunner {
  readonly #runner: StepRunner;
  readonly #auditor: AuditorService;
  readonly #logger: LoggerService;
  readonly #auditMs: number;

  constructor(options: {
    runner: StepRunner;
    auditor: AuditorService;
    logger: LoggerService;
    /** Default: 10 seconds. */
    auditMs?: number;
  }) {
    this.#runner = options.runner;
    this.#auditor = options.auditor;
    this.#logger = options.logger;
    this.#auditMs = options.auditMs ?? AUDIT_MS;
  }

  async execute(
    operation: RunningOperation,
    step: NewStep,
    control: StepControl,
  ): Promise<StepResult> {
    const said = { operation: operation.id, step: step.name };
    const audit = await this.#audit(said, () =>
      this.#auditor.createEvent({
        eventId: eventIds[step.name] ?? step.name,
        severityLevel: 'medium',
        meta: factsOf(operation, step),
      }),
    );
    let answer: StepResult;
    try {
      answer = await this.#runner.execute(operation, step, control);
    } catch (error) {
      await this.#audit(said, async () =>
        audit?.fail({
          error: error instanceof Error ? error : new Error(String(error)),
        }),
      );
      throw error;
    }
    const meta = { alreadySet: answer.skipped === true };
    await this.#audit(said, async () => audit?.success({ meta }));
    return answer;
  }

  compensate(
    operation: RunningOperation,
    step: NewStep,
    control: StepControl,
  ): Promise<void> {
    return this.#runner.compensate(operation, step, control);
  }

  async #audit<T>(
    said: JsonObject,
    tell: () => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await inTime(this.#auditMs, tell, 'The auditor');
    } catch (error) {
      this.#logger.error('What an operation keeps out could not be audited', {
        ...said,
        error: String(error),
      });
      return undefined;
    }
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
