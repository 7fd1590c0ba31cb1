import { LoggerService } from '@backstage/backend-plugin-api';
import {
  StepControl,
  StepResult,
  TargetEnvironment,
  TargetError,
} from '@vvp/backstage-plugin-deploy-node';
import { checkedTarget } from '../targets/checkedTarget';
import { TargetRegistry } from '../targets/TargetRegistry';
import { DrivenEnvironment } from '../targets/TargetEnvironments';
import { NewStep, RunningOperation, StepRunner } from './engine/types';

/** Does the steps that a target planned. */
export class TargetRunner implements StepRunner {
  readonly #registry: TargetRegistry;

  readonly #logger: LoggerService;

  constructor(registry: TargetRegistry, logger: LoggerService) {
    this.#registry = registry;
    this.#logger = logger;
  }

  async execute(
    operation: RunningOperation,
    step: NewStep,
    control: StepControl,
  ): Promise<StepResult> {
    const { target, environment } = this.targetOf(operation);
    return target.executeStep(environment, step, control);
  }

  async compensate(
    operation: RunningOperation,
    step: NewStep,
    control: StepControl,
  ): Promise<void> {
    const { target, environment } = this.targetOf(operation);
    await target.compensateStep(environment, step, control);
  }

  /** As it was when the operation was planned: a change of deploy.yaml does not lead it astray. */
  targetOf(operation: RunningOperation): DrivenEnvironment {
    const environment = operation.context
      .environment as unknown as TargetEnvironment;
    try {
      const target = checkedTarget(
        this.#registry.get(environment.target),
        this.#logger,
      );
      target.describe(environment);
      return { target, environment };
    } catch (error) {
      // The portal came back without module or connection: it waits until they are there again.
      throw new TargetError(
        'credentials',
        error instanceof Error ? error.message : String(error),
        { cause: error },
      );
    }
  }
}
