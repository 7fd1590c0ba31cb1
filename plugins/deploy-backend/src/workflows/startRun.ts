import { JsonObject } from '@backstage/types';
import { StepControl, TargetError } from '@vvp/backstage-plugin-deploy-node';
import { CORRELATION_INPUT } from './dispatchInputs';
import { findRun, SoughtRun } from './findRun';
import { inputsFor, readWorkflowFile } from './readWorkflowFile';
import { StepMemory } from './StepMemory';
import { WorkflowApi } from './WorkflowApi';

/** A dispatch that is asked for. */
export interface DispatchOrder {
  /** File name in `.github/workflows`. */
  workflow: string;
  /** Branch or tag; the default branch if absent. */
  ref?: string;
  inputs: Record<string, string>;
  /** Part of the step's memory; another dispatch of the same step has another one. */
  part: string;
}

/** What is remembered of a dispatch, in the order in which it comes to be known. */
type Dispatch = {
  /** Stored before GitHub is asked. */
  sought?: SoughtRun & JsonObject;
  workflowId?: number;
  /** GitHub took it: it is not asked again, however long the run stays out of sight. */
  accepted?: boolean;
  runId?: number;
} & JsonObject;

/** How often, and how long apart, GitHub's list is looked at for a run that was just started. */
const LOOKS = 12;
const BETWEEN_LOOKS_MS = 5_000;

/** GitHub's clocks among themselves. */
const CLOCK_MARGIN_MS = 60_000;

/**
 * Starts a workflow once, however often it is called: what is remembered before the dispatch finds its
 * run again after a crash.
 *
 * @returns the run's id
 */
export async function startRun(
  api: WorkflowApi,
  order: DispatchOrder,
  memory: StepMemory,
  control: StepControl,
): Promise<number> {
  const { part } = order;
  const known = memory.get<Dispatch>(part);
  if (known.runId) {
    return known.runId;
  }
  const earlier = await findStarted(api, order, memory, control);
  if (earlier) {
    return earlier;
  }
  const file = await readWorkflowFile(api, order);
  const correlation = `${control.operationId}/${part}`;
  const inputs = inputsFor(file, order, correlation);
  const list = await api.runsOf(file.workflowId, {
    event: 'workflow_dispatch',
  });
  const login = await api.login();
  const sought = {
    since: new Date(list.at.getTime() - CLOCK_MARGIN_MS).toISOString(),
    known: list.runs.map(run => run.id),
    ref: file.ref,
    ...(file.tellsCorrelation && { correlation }),
    ...(login && { login }),
  };
  const dispatch: Dispatch = { sought, workflowId: file.workflowId };
  await memory.put(part, dispatch);
  let runId: number | undefined;
  try {
    runId = await api.dispatch({
      workflowId: file.workflowId,
      file: order.workflow,
      ref: file.ref,
      inputs,
    });
  } catch (error) {
    if (wasNotDone(error)) {
      await memory.put(part, {});
    }
    throw error;
  }
  if (runId === undefined) {
    await memory.put(part, { ...dispatch, accepted: true });
    return sightOf(api, order, memory, control);
  }
  await memory.put(part, { ...dispatch, runId });
  return runId;
}

/** The run that an earlier attempt started; undefined if none did. */
export async function findStarted(
  api: WorkflowApi,
  order: Pick<DispatchOrder, 'part' | 'workflow'>,
  memory: StepMemory,
  control: StepControl,
): Promise<number | undefined> {
  const { runId, sought, workflowId, accepted } = memory.get<Dispatch>(
    order.part,
  );
  if (runId || !sought || !workflowId) {
    return runId;
  }
  control.log(`Looking for the run of ${order.workflow} that was started.`);
  for (let look = 1; look <= LOOKS; look++) {
    const { runs } = await api.runsOf(workflowId, {
      event: 'workflow_dispatch',
    });
    const found = findRun(runs, sought);
    if (found.state === 'found') {
      await memory.put(order.part, {
        ...memory.get(order.part),
        runId: found.run.id,
      } as Dispatch);
      return found.run.id;
    }
    if (found.state === 'several') {
      throw new TargetError(
        'invalid',
        `${order.workflow} of ${
          api.repository
        } was started several times at once, and GitHub does not tell which of the runs ${found.runs
          .slice(0, 5)
          .map(run => run.id)
          .join(', ')} is this operation's.`,
        {
          remedy: `Look at these runs at GitHub. ${
            sought.correlation
              ? 'All of them have the title of this one: somebody may have copied it.'
              : `Declare an input "${CORRELATION_INPUT}" in the workflow and put \${{ inputs.${CORRELATION_INPUT} }} into its run-name, so that a run is always found again.`
          }`,
        },
      );
    }
    if (look < LOOKS) {
      await control.wait(BETWEEN_LOOKS_MS);
    }
  }
  if (accepted) {
    throw new TargetError(
      'transient',
      `GitHub took the start of ${order.workflow} in ${api.repository}, but shows no run of it yet.`,
    );
  }
  return undefined;
}

async function sightOf(
  api: WorkflowApi,
  order: DispatchOrder,
  memory: StepMemory,
  control: StepControl,
): Promise<number> {
  const runId = await findStarted(api, order, memory, control);
  if (!runId) {
    throw new TargetError(
      'transient',
      `The run of ${order.workflow} in ${api.repository} was not found.`,
    );
  }
  return runId;
}

/** GitHub answered that it does not do it; whatever else happened, it may have done it. */
function wasNotDone(error: unknown): boolean {
  return (
    error instanceof TargetError &&
    (error.kind !== 'transient' || error.retryAfterMs !== undefined)
  );
}
