import { JsonObject } from '@backstage/types';
import {
  StepControl,
  StepResult,
  TargetError,
} from '@vvp/backstage-plugin-deploy-node';
import { JobAnswer, RunAnswer } from './answers';
import { DispatchedRuns } from './DispatchedRuns';
import { endRun } from './endRun';
import { followRun } from './followRun';
import { judgeLeft, LeftBehind } from './leftBehind';
import { inputsFor, readWorkflowFile } from './readWorkflowFile';
import { describeFailure, hasStarted, mayHaveChanged } from './runReport';
import { findStarted, startRun } from './startRun';
import { StepMemory } from './StepMemory';
import { GithubAccess } from './RepositoryClient';
import { WorkflowApi } from './WorkflowApi';

/** A release as a workflow is told of it. */
export type OrderedRelease = {
  commit: string;
  /** The commit or version, as the input takes it. */
  value: string;
} & JsonObject;

/** A run that a step wants; kept in its input. */
export type RunOrder = {
  /** `owner/name`, lower case. */
  repository: string;
  /** File name in `.github/workflows`. */
  workflow: string;
  /** Branch or tag; the default branch if absent. */
  ref?: string;
  inputs: Record<string, string>;
  releaseInput?: string;
  /** What goes into `releaseInput`. */
  release?: OrderedRelease;
  /** Set if the run deploys `release` into this environment; undoing it then puts `previous` back. */
  environmentId?: string;
  previous?: OrderedRelease;
} & JsonObject;

/** Parts of the step's memory: the run it wants, and the one that undoes it. */
const RUN = 'run';
const RESTORE = 'restore';

/** What is about to change may not be seen yet at the first look. */
const LOOK_AGAIN_MS = 20_000;

/** Has workflows run, and undone. */
export class WorkflowRuns {
  readonly #access: GithubAccess;
  readonly #dispatched: DispatchedRuns;

  constructor(access: GithubAccess, dispatched: DispatchedRuns) {
    this.#access = access;
    this.#dispatched = dispatched;
  }

  /** Starts the workflow and follows its run; throws a TargetError `unhealthy` unless that ends with success. */
  async execute(order: RunOrder, control: StepControl): Promise<StepResult> {
    const memory = new StepMemory(control);
    const part = await this.#nextPart(order, memory);
    const result = await this.#run(part, order.release, order, memory, control);
    await memory.put(`${part}-done`, true);
    return result;
  }

  /** Reads the workflow as it is now; throws what is in the way of running it. */
  async check(order: RunOrder, signal: AbortSignal): Promise<void> {
    const api = new WorkflowApi(this.#access, order.repository, signal);
    const file = await readWorkflowFile(api, order);
    inputsFor(
      file,
      { ...order, inputs: withRelease(order, order.release) },
      'none',
    );
  }

  /**
   * Stops the run if it goes on. One that deploys, and of which a job got as far as a machine, is undone by
   * a run for the release that was there before. Without one nothing is put back; it fails unless it is known that
   * nothing changed.
   *
   * @param look - what can be told of the environment now
   */
  async undo(
    order: RunOrder,
    control: StepControl,
    look?: () => Promise<LeftBehind>,
  ): Promise<void> {
    const memory = new StepMemory(control);
    const api = this.#api(order, control);
    const runId = await findStarted(
      api,
      { workflow: order.workflow, part: RUN },
      memory,
      control,
    );
    if (!runId) {
      control.log('No run was started: there is nothing to undo.');
      return;
    }
    const run = await endRun(api, runId, control);
    // An earlier attempt may have begun to put back what was there: that run is to end by itself.
    const { runId: restoring } = memory.get<{ runId: number }>(RESTORE);
    for (const open of await this.#dispatched.openOf(control.operationId)) {
      if (open !== restoring) {
        await this.#finish(order, await endRun(api, open, control));
      }
    }
    if (!order.environmentId || !order.release) {
      return;
    }
    await this.#record(order, order.release, runId, control);
    await this.#finish(order, run);
    const { value: jobs } = await api.jobsUnless(runId);
    if (!isRunAgain(run) && !jobs.some(hasStarted)) {
      control.log(
        `No job of the run ${runId} was begun: there is nothing to undo.`,
      );
      return;
    }
    const { previous } = order;
    if (!previous) {
      await this.#assertUnchanged(order, { run, jobs }, control, look);
      return;
    }
    if (previous.commit === order.release.commit) {
      control.log('The same release was there before: nothing is put back.');
      return;
    }
    control.log(`Putting back ${previous.value}, which was there before.`);
    await this.#run(RESTORE, previous, order, memory, control);
  }

  /** By what the run says of the jobs that deploy there, else by what is there now. */
  async #assertUnchanged(
    { environmentId, release, repository }: RunOrder,
    { run, jobs }: { run: RunAnswer; jobs: readonly JobAnswer[] },
    control: StepControl,
    look?: () => Promise<LeftBehind>,
  ): Promise<void> {
    const own = await this.#dispatched.deployingJobs(environmentId!, run, jobs);
    const isTouched =
      isRunAgain(run) || own.some(hasStarted) || jobs.some(mayHaveChanged);
    if (own.length > 0 && !isTouched) {
      const names = own.map(({ name }) => name).join(', ');
      control.log(`What deploys there was not begun: ${names}.`);
      return;
    }
    const judge = async () =>
      judgeLeft(
        run,
        release!,
        (await look?.()) ?? {
          environment: `the environment of ${repository}`,
          seen: [],
          why: 'Nobody knows what was there before.',
        },
      );
    let judged = await judge();
    if ('asBefore' in judged) {
      await control.wait(LOOK_AGAIN_MS);
      judged = await judge();
    }
    if ('failure' in judged) {
      const { message, remedy } = judged.failure;
      throw new TargetError('invalid', message, { remedy });
    }
    control.log(judged.asBefore);
  }

  /**
   * Which run it is. A step that is done is done; but if something else was deployed over it since, whoever
   * calls it again wants the release back.
   */
  async #nextPart(order: RunOrder, memory: StepMemory): Promise<string> {
    for (let round = 1; ; round++) {
      const part = round === 1 ? RUN : `${RUN}-${round}`;
      if (!memory.has(`${part}-done`)) {
        return part;
      }
      const isLast = !memory.has(`${RUN}-${round + 1}-done`);
      if (isLast && (await this.#dispatched.serves(order))) {
        return part;
      }
    }
  }

  async #run(
    part: string,
    release: OrderedRelease | undefined,
    order: RunOrder,
    memory: StepMemory,
    control: StepControl,
  ): Promise<StepResult> {
    const api = this.#api(order, control);
    const { workflow, ref } = order;
    const runId = await startRun(
      api,
      {
        workflow,
        ...(ref && { ref }),
        inputs: withRelease(order, release),
        part,
      },
      memory,
      control,
    );
    if (release) {
      await this.#record(order, release, runId, control);
    }
    control.log(`Following the run ${runId} of ${workflow}.`);
    const { run, jobs } = await followRun(api, runId, control);
    await this.#finish(order, run);
    if (run.conclusion !== 'success') {
      throw new TargetError('unhealthy', describeFailure(run, workflow, jobs), {
        remedy: 'Look at the log of the run at GitHub.',
      });
    }
    return {
      output: {
        runId: String(runId),
        conclusion: run.conclusion,
        ...(run.html_url && { url: run.html_url }),
      },
    };
  }

  #api(order: RunOrder, control: StepControl): WorkflowApi {
    return new WorkflowApi(this.#access, order.repository, control.signal);
  }

  async #record(
    order: RunOrder,
    release: OrderedRelease,
    runId: number,
    control: StepControl,
  ): Promise<void> {
    if (order.environmentId && order.releaseInput) {
      await this.#dispatched.record(
        {
          repository: order.repository,
          runId,
          environmentId: order.environmentId,
          commit: release.commit,
          operationId: control.operationId,
        },
        new Date(),
      );
    }
  }

  async #finish(
    order: RunOrder,
    run: { id: number; conclusion?: string; updated_at: string },
  ): Promise<void> {
    await this.#dispatched.finish(
      { repository: order.repository, runId: run.id },
      run.conclusion ?? 'unknown',
      run.updated_at,
    );
  }
}

/** The jobs of an earlier attempt are not among those of the run, and may have changed something. */
function isRunAgain({ run_attempt: attempt = 1 }: RunAnswer): boolean {
  return attempt > 1;
}

/** The fixed inputs, and the one that takes the release. */
function withRelease(
  order: RunOrder,
  release: OrderedRelease | undefined,
): Record<string, string> {
  const { inputs, releaseInput } = order;
  return {
    ...inputs,
    ...(releaseInput && release && { [releaseInput]: release.value }),
  };
}
