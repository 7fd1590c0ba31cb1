import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { isGivenUp, toTargetError } from '../../connections';

/** State of a machine, as its instance view tells it. */
export interface MachineState {
  /** Such as `running`, `stopped`, `deallocated`; absent if Azure does not say. */
  power?: string;
  /** Whether the agent that runs scripts reports as ready; absent if Azure does not say. */
  agentReady?: boolean;
}

/** An error of Azure with what its body says. */
interface ToldError {
  code?: string;
  status?: number;
}

/** Codes of failures that the agent on the machine is behind. */
const agentCodes: readonly string[] = [
  'VMAgentStatusCommunicationError',
  'VMExtensionProvisioningTimeout',
  'VMExtensionProvisioningError',
  'VMExtensionHandlerNonTransientError',
];

/** Whether it is worth while to ask for the state of the machine. */
export function mayBeMachine(cause: unknown): boolean {
  const { code, status } = told(cause);
  return (
    code !== undefined &&
    (agentCodes.includes(code) ||
      (status === 409 && code !== 'Conflict') ||
      code === 'OperationNotAllowed')
  );
}

/**
 * What the failure of a run-command means. A 409 stands for two things: somebody else's script runs, which
 * is waited for, and a machine that is not running, where waiting does not help.
 *
 * @param machine - for the message, such as `vvp-pbx`
 */
export function explainFailure(
  cause: unknown,
  machine: string,
  state: MachineState,
): TargetError {
  const { code, status } = told(cause);
  if (code === 'Conflict') {
    return new TargetError(
      'busy',
      `Another run-command is under way on the virtual machine ${machine}; Azure runs one at a time.`,
      { remedy: 'Nothing: its turn comes by itself.' },
    );
  }
  if (state.power !== undefined && state.power !== 'running') {
    return new TargetError(
      'unhealthy',
      `The virtual machine ${machine} is ${state.power}.`,
      { remedy: 'Start it, then try again.' },
    );
  }
  if (
    state.agentReady === false ||
    (code !== undefined && agentCodes.includes(code))
  ) {
    return new TargetError(
      'transient',
      `The Azure agent on the virtual machine ${machine} does not run scripts right now.`,
      {
        remedy:
          'See in the Azure portal whether the agent is ready; a restart of walinuxagent on the machine helps most of the time.',
      },
    );
  }
  if (status === 409 && code !== undefined && !isGivenUp({ code })) {
    return new TargetError(
      'invalid',
      `The virtual machine ${machine} takes no run-command: ${code}.`,
      {
        remedy: 'See in the Azure portal whether extensions are allowed on it.',
      },
    );
  }
  return toTargetError(cause, `run a script on the virtual machine ${machine}`);
}

function told(cause: unknown): ToldError {
  if (typeof cause !== 'object' || cause === null) {
    return {};
  }
  const { code, statusCode, details } = cause as {
    code?: unknown;
    statusCode?: unknown;
    details?: { error?: { code?: unknown }; code?: unknown };
  };
  const said =
    details?.error?.code ?? details?.code ?? code ?? codeOfOperation(cause);
  return {
    ...(typeof said === 'string' && { code: said }),
    ...(typeof statusCode === 'number' && { status: statusCode }),
  };
}

/** The SDK tells the code of an operation that failed after the answer 202 in its message only. */
function codeOfOperation(cause: object): string | undefined {
  const { message } = cause as { message?: unknown };
  return typeof message === 'string'
    ? /^The long-running operation has failed\. (\w+)\./.exec(message)?.[1]
    : undefined;
}
