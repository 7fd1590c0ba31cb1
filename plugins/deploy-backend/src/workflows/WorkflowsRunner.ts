import { WorkflowCallSpec } from '@vvp/backstage-plugin-deploy-common';
import {
  StepControl,
  StepResult,
  TargetEnvironment,
  TargetError,
} from '@vvp/backstage-plugin-deploy-node';
import { Knex } from 'knex';
import {
  NewStep,
  RunningOperation,
  StepRunner,
} from '../operations/engine/types';
import { DispatchedRuns } from './DispatchedRuns';
import { LeftBehind } from './leftBehind';
import { rerunFailedJobs, undoRerun } from './rerunFailedJobs';
import { describeFailure } from './runReport';
import { StepMemory } from './StepMemory';
import { stopRuns } from './stopRuns';
import { GithubAccess } from './RepositoryClient';
import { WorkflowApi } from './WorkflowApi';
import { RunOrder, WorkflowRuns } from './WorkflowRuns';

/** Input of a step of the runner `workflows`. */
export type WorkflowsStepInput =
  /** Runs a workflow to its end; the step fails unless that is success. */
  | ({ kind: 'run-workflow'; commit?: string } & WorkflowCallSpec)
  /** Ends the runs that may still deploy into the environment. */
  | { kind: 'stop-runs'; keepShared?: boolean }
  /** Runs the failed jobs of a run again, if the attempt still is its newest. */
  | { kind: 'rerun-failed-jobs'; runId: string; attempt?: number };

/** Asks an environment what it runs. */
type LookAtLeft = (
  environmentId: string,
  signal: AbortSignal,
) => Promise<LeftBehind>;

/** Step of any operation that only looks whether the service works. */
const SMOKE_TEST = 'smoke-test';

/** Kinds of operations whose workflow deploys. */
const DEPLOYING = ['redeploy', 'force-deploy', 'promote'];

/**
 * Does the steps that take a workflow: tests, a deployment by the pipeline, stopping what is in flight.
 * The operation's context has the TargetEnvironment as `environment`, or `repository`.
 */
export class WorkflowsRunner implements StepRunner {
  readonly #knex: Knex;
  readonly #access: GithubAccess;
  readonly #runs: WorkflowRuns;
  readonly #lookAtLeft?: LookAtLeft;

  constructor(
    options: {
      knex: Knex;
      /** What can be told of an environment after a run that ended badly; left out, nothing. */
      lookAtLeft?: LookAtLeft;
    } & GithubAccess,
  ) {
    this.#knex = options.knex;
    this.#access = options;
    this.#runs = new WorkflowRuns(options, new DispatchedRuns(options.knex));
    this.#lookAtLeft = options.lookAtLeft;
  }

  async execute(
    operation: RunningOperation,
    step: NewStep,
    control: StepControl,
  ): Promise<StepResult> {
    const input = step.input as unknown as WorkflowsStepInput;
    switch (input.kind) {
      case 'run-workflow':
        return this.#runs.execute(
          await this.#order(operation, step, input),
          control,
        );
      case 'stop-runs': {
        const stopped = await stopRuns(
          {
            knex: this.#knex,
            api: await this.#api(operation, control),
            environmentId: operation.environmentId,
            ...(input.keepShared && { keepShared: true }),
          },
          control,
        );
        return { output: { stopped }, skipped: stopped === 0 };
      }
      case 'rerun-failed-jobs':
        return this.#rerun(operation, input, control);
      default:
        throw unknownKind(input);
    }
  }

  async compensate(
    operation: RunningOperation,
    step: NewStep,
    control: StepControl,
  ): Promise<void> {
    const input = step.input as unknown as WorkflowsStepInput;
    if (input.kind === 'run-workflow') {
      const look = this.#lookAtLeft;
      await this.#runs.undo(
        await this.#order(operation, step, input),
        control,
        look && (() => look(operation.environmentId, control.signal)),
      );
    }
    if (input.kind === 'rerun-failed-jobs') {
      await undoRerun(
        await this.#api(operation, control),
        Number(input.runId),
        new StepMemory(control),
        control,
      );
    }
  }

  async #rerun(
    operation: RunningOperation,
    input: Extract<WorkflowsStepInput, { kind: 'rerun-failed-jobs' }>,
    control: StepControl,
  ): Promise<StepResult> {
    const { runId, attempt } = input;
    const api = await this.#api(operation, control);
    const { run, jobs } = await rerunFailedJobs(
      api,
      { runId: Number(runId), ...(attempt && { attempt }) },
      new StepMemory(control),
      control,
    );
    if (run.status !== 'completed') {
      control.log('Whoever lets it in decides how it goes on; this ends here.');
      return { output: { runId, conclusion: 'held' } };
    }
    if (run.conclusion !== 'success') {
      throw new TargetError(
        'unhealthy',
        describeFailure(run, run.name ?? 'the workflow', jobs),
        { remedy: 'Look at the log of the run at GitHub.' },
      );
    }
    return { output: { runId, conclusion: run.conclusion } };
  }

  async #order(
    operation: RunningOperation,
    step: Pick<NewStep, 'name'>,
    input: Extract<WorkflowsStepInput, { kind: 'run-workflow' }>,
  ): Promise<RunOrder> {
    const { workflow, ref, inputs, releaseInput, commit } = input;
    const before = operation.from?.commit;
    return {
      repository: await this.#repository(operation),
      workflow,
      ...(ref && { ref }),
      inputs: (inputs ?? {}) as Record<string, string>,
      ...(releaseInput &&
        commit && { releaseInput, release: { commit, value: commit } }),
      // A smoke test of the same operation deploys nothing.
      ...(DEPLOYING.includes(operation.kind) &&
        step.name !== SMOKE_TEST && {
          environmentId: operation.environmentId,
          ...(before && { previous: { commit: before, value: before } }),
        }),
    };
  }

  async #api(
    operation: RunningOperation,
    control: StepControl,
  ): Promise<WorkflowApi> {
    return new WorkflowApi(
      this.#access,
      await this.#repository(operation),
      control.signal,
    );
  }

  async #repository(operation: RunningOperation): Promise<string> {
    const environment = operation.context.environment as unknown as
      | TargetEnvironment
      | undefined;
    if (environment?.repository) {
      return environment.repository;
    }
    const row = await this.#knex('services')
      .where({ id: operation.serviceId })
      .first<{ repository: string } | undefined>('repository');
    if (!row) {
      throw new TargetError('not-found', 'The service is gone.');
    }
    return row.repository;
  }
}

function unknownKind(input: never): TargetError {
  const { kind } = input as { kind?: unknown };
  return new TargetError(
    'invalid',
    `The runner "workflows" has no step of the kind ${String(kind)}.`,
  );
}
