import { JsonObject } from '@backstage/types';
import {
  PlannedStep,
  StepControl,
  StepResult,
  TargetError,
} from '@vvp/backstage-plugin-deploy-node';
import { HoldStore } from '../restrictions/HoldStore';
import { QuarantinedRevisionStore } from '../restrictions/QuarantinedRevisionStore';
import { QuarantineStore } from '../restrictions/QuarantineStore';
import { RunningOperation, StepRunner } from './engine/types';

/** Keeps out after a rollback what was bad. */
export class RestrictionsRunner implements StepRunner {
  readonly #holds: HoldStore;
  readonly #quarantines: QuarantineStore;
  readonly #quarantinedRevisions: QuarantinedRevisionStore;
  readonly #now: () => Date;

  constructor(options: {
    holds: HoldStore;
    quarantines: QuarantineStore;
    quarantinedRevisions: QuarantinedRevisionStore;
    now?: () => Date;
  }) {
    this.#holds = options.holds;
    this.#quarantines = options.quarantines;
    this.#quarantinedRevisions = options.quarantinedRevisions;
    this.#now = options.now ?? (() => new Date());
  }

  async execute(
    operation: RunningOperation,
    step: PlannedStep,
    control: StepControl,
  ): Promise<StepResult> {
    try {
      return await this.#restrict(operation, step, control);
    } catch (error) {
      // The rollback is proven: what the database cannot do now it can do in a while.
      throw new TargetError(
        'transient',
        'What keeps the bad release out could not be written.',
        {
          remedy: 'It is tried again by itself; look at the database.',
          cause: error,
        },
      );
    }
  }

  async #restrict(
    operation: RunningOperation,
    step: PlannedStep,
    control: StepControl,
  ): Promise<StepResult> {
    const { id: operationId, requestedBy: by } = operation;
    const reason = operation.reason ?? 'Rolled back';
    if (step.name === 'set-hold') {
      const { created } = await this.#holds.set(
        operation.environmentId,
        { by, reason, operationId },
        this.#now(),
      );
      control.log(
        created ? 'Automatic promotion is off' : 'It was held already',
      );
      return { skipped: !created };
    }
    if (step.name === 'quarantine-revision') {
      const { artifact } = step.input;
      const set = await this.#quarantinedRevisions.set(
        operation.environmentId,
        {
          revision: textOf(step.input, 'revision'),
          ...(typeof artifact === 'string' && { artifact }),
        },
        { by, reason, operationId },
        this.#now(),
      );
      control.log(
        set.created
          ? 'The revision may not be put back any more'
          : 'The revision was in quarantine already',
      );
      return { skipped: !set.created };
    }
    const releaseId = textOf(step.input, 'releaseId');
    const { created } = await this.#quarantines.set(
      releaseId,
      { by, reason, operationId },
      this.#now(),
    );
    control.log(
      created
        ? 'The release may not be deployed any more'
        : 'The release was in quarantine already',
    );
    return { skipped: !created };
  }

  async compensate(): Promise<void> {
    // What was proven is not undone any more.
  }
}

function textOf(input: JsonObject, name: string): string {
  const value = input[name];
  if (typeof value !== 'string') {
    throw new Error(`The step was planned without ${name}`);
  }
  return value;
}
