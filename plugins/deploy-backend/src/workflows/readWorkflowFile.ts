import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import {
  checkInputs,
  CORRELATION_INPUT,
  DispatchTrigger,
  readDispatchTrigger,
} from './dispatchInputs';
import { WorkflowApi } from './WorkflowApi';

/** A workflow that can be dispatched, as it stands on the branch. */
export interface WorkflowFile extends DispatchTrigger {
  workflowId: number;
  /** Branch or tag. */
  ref: string;
}

/** Reads what a workflow takes; throws if it cannot be started on that branch or tag. */
export async function readWorkflowFile(
  api: WorkflowApi,
  order: { workflow: string; ref?: string },
): Promise<WorkflowFile> {
  const { id, state, path } = await api.workflow(order.workflow);
  if (state !== 'active') {
    throw new TargetError(
      'invalid',
      `The workflow ${order.workflow} of ${api.repository} is disabled (${state}).`,
      { remedy: 'Enable it on the Actions page of the repository.' },
    );
  }
  const ref = order.ref ?? (await api.defaultBranch());
  const file = await api.file(path, await api.headOf(ref));
  const trigger = readTrigger(file, order.workflow, ref);
  if (!trigger) {
    throw new TargetError(
      'invalid',
      `${order.workflow} of ${api.repository} has no trigger workflow_dispatch at ${ref}.`,
      { remedy: 'Add `workflow_dispatch` to `on` in the workflow.' },
    );
  }
  return { ...trigger, workflowId: id, ref };
}

/** All inputs of a dispatch; throws what is wrong with them. */
export function inputsFor(
  file: WorkflowFile,
  order: { workflow: string; inputs: Record<string, string> },
  correlation: string,
): Record<string, string> {
  const inputs = {
    ...order.inputs,
    ...(Object.hasOwn(file.inputs, CORRELATION_INPUT) && {
      [CORRELATION_INPUT]: correlation,
    }),
  };
  const problems = checkInputs(file.inputs, inputs);
  if (problems.length > 0) {
    throw new TargetError(
      'invalid',
      `${order.workflow} cannot be started so: ${problems.join(' ')}`,
      {
        remedy:
          'Correct `inputs` and `releaseInput` in deploy.yaml, or the inputs of workflow_dispatch in the workflow.',
      },
    );
  }
  return inputs;
}

function readTrigger(
  file: string,
  workflow: string,
  ref: string,
): DispatchTrigger | undefined {
  try {
    return readDispatchTrigger(file);
  } catch {
    throw new TargetError('invalid', `${workflow} is no YAML at ${ref}.`, {
      remedy: 'Correct the workflow.',
    });
  }
}
