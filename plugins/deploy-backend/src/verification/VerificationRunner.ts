import { JsonObject } from '@backstage/types';
import {
  StepControl,
  StepResult,
  TargetError,
} from '@vvp/backstage-plugin-deploy-node';
import {
  NewStep,
  RunningOperation,
  StepRunner,
} from '../operations/engine/types';
import { DrivenEnvironment } from '../targets/TargetEnvironments';
import { MAX_REAPPLIED, readConfirmInput, WantedState } from './confirmStep';
import {
  Confirmation,
  describeLook,
  isUnproven,
  judgeConfirmation,
  Look,
} from './judgeConfirmation';
import { lookAt, VersionOptions } from './lookAt';
import { Reapply } from './reapplyTargetSteps';

/** Longest wait that a platform can ask for. */
const MAX_WAIT_MS = 60_000;

/** What the step remembers. */
interface Memory extends JsonObject {
  /** How often what was displaced was put in place again, this time included. */
  reapplied: number;
  /** It is being put in place again; the process may have died over it. */
  reapplying: boolean;
  /** Of the steps that are done again. */
  steps: JsonObject;
}

/**
 * Proves that what an operation put in place serves and works, by what the platform and the service itself
 * say. If something else was put there meanwhile, such as by a pipeline, it is put in place again.
 */
export class VerificationRunner implements StepRunner {
  readonly #targetOf: (
    operation: RunningOperation,
  ) => Promise<DrivenEnvironment>;
  readonly #reapply: Reapply;
  readonly #version: VersionOptions;

  constructor(options: {
    targetOf: (operation: RunningOperation) => Promise<DrivenEnvironment>;
    /** See {@link reapplyTargetSteps}. */
    reapply: Reapply;
    /** Which hosts may be asked for their version. */
    version: VersionOptions;
  }) {
    this.#targetOf = options.targetOf;
    this.#reapply = options.reapply;
    this.#version = options.version;
  }

  async execute(
    operation: RunningOperation,
    step: NewStep,
    control: StepControl,
  ): Promise<StepResult> {
    const input = readConfirmInput(step);
    const where = await this.#targetOf(operation);
    const memory: Memory = {
      reapplied: Number(control.memory.reapplied ?? 0),
      reapplying: control.memory.reapplying === true,
      steps: (control.memory.steps ?? {}) as JsonObject,
    };
    if (memory.reapplying) {
      await this.#putBack(operation, memory, control);
    }
    for (;;) {
      const { look, result } = await this.#watch(input, where, control);
      switch (result.verdict) {
        case 'confirmed':
          if (result.note) {
            control.log(result.note, 'warn');
          }
          return { output: outputOf(look) };
        case 'unseen':
          throw result.error;
        case 'displaced':
          if (input.revision === undefined) {
            throw notConfirmed(input, result);
          }
          if (memory.reapplied >= MAX_REAPPLIED) {
            throw displacedTooOften(input.revision, result.why);
          }
          control.log(
            `Something else was put in place meanwhile. ${result.why} ${input.revision} is put in place again.`,
            'warn',
          );
          memory.reapplied += 1;
          memory.reapplying = true;
          memory.steps = {};
          await control.remember({ ...memory });
          await this.#putBack(operation, memory, control);
          break;
        default:
          throw notConfirmed(input, result);
      }
    }
  }

  /** Looking changes nothing. */
  async compensate(): Promise<void> {}

  async #putBack(
    operation: RunningOperation,
    memory: Memory,
    control: StepControl,
  ): Promise<void> {
    await this.#reapply(operation, {
      operationId: control.operationId,
      fence: control.fence,
      attempt: control.attempt,
      signal: control.signal,
      outputs: control.outputs,
      memory: memory.steps,
      log: (text, level) => control.log(text, level),
      wait: milliseconds => control.wait(milliseconds),
      remember: async steps => {
        memory.steps = steps;
        await control.remember({ ...memory });
      },
    });
    memory.reapplying = false;
    await control.remember({ ...memory });
  }

  /** Looks until it is clear. */
  async #watch(
    input: WantedState,
    where: DrivenEnvironment,
    control: StepControl,
  ): Promise<{ look: Look; result: Confirmation }> {
    const looks: Look[] = [];
    let said = '';
    for (;;) {
      const look = await lookAt(input, where, this.#version, control.signal);
      looks.push(look);
      const text = describeLook(look);
      if (text !== said) {
        control.log(text);
        said = text;
      }
      const result = judgeConfirmation(looks, input.checks);
      if (result.verdict !== 'watching') {
        return { look, result };
      }
      await control.wait(waitAfter(look, input.secondsBetweenChecks));
    }
  }
}

function waitAfter(look: Look, seconds: number): number {
  const asked = 'unseen' in look ? look.unseen.retryAfterMs ?? 0 : 0;
  return Math.max(seconds * 1_000, Math.min(asked, MAX_WAIT_MS));
}

function outputOf(look: Look): JsonObject {
  if ('unseen' in look) {
    return {};
  }
  const { serving, health } = look.verification;
  return {
    ...(serving !== undefined && { serving }),
    health: health.state,
    ...(look.version?.state === 'right' && { commit: look.version.told }),
    ...(isUnproven(look) && { notProven: look.version.message }),
  };
}

function displacedTooOften(revision: string, why: string): TargetError {
  return new TargetError(
    'unhealthy',
    `${revision} was put in place ${MAX_REAPPLIED} times again and displaced each time. ${why}`,
    {
      remedy:
        'Something else deploys here: stop the pipeline that does, or lock the environment, and try again.',
    },
  );
}

function notConfirmed(
  { revision, checks }: WantedState,
  result: Confirmation,
): TargetError {
  const why = 'why' in result ? ` ${result.why}` : '';
  return new TargetError(
    'unhealthy',
    `${
      revision ?? 'What serves'
    } could not be confirmed in ${checks} looks.${why}`,
    {
      remedy:
        'Look at the diagnostics of the environment, and choose another revision.',
    },
  );
}
