import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  ComputeManagementClient,
  VirtualMachineInstanceView,
} from '@azure/arm-compute';
import { JsonObject } from '@backstage/types';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { toTargetError } from '../../connections';
import { explainFailure, MachineState, mayBeMachine } from './explainFailure';
import { parseAnswer } from './parseAnswer';
import { buildScript, ScriptName, ScriptValues } from './scripts';
import { Turns } from './Turns';

/** How long reading waits for somebody else's script. */
const READ_PATIENCE_MS = 60_000;
const READ_PAUSE_MS = 1_000;

/** How often Azure is asked whether a script has ended. */
const POLL_MS = 1_000;

const turns = new Turns();

/** Errors after which it is certain that the script did not run. */
const notRun = new WeakSet<Error>();

/** Whether Azure refused a script outright, so that no part of it can have run. */
export function hasNotRun(error: unknown): boolean {
  return error instanceof Error && notRun.has(error);
}

/** One virtual machine of Azure, reached by run-command. Thin: scripts go in, their answers come out. */
export class VirtualMachine {
  readonly #client: ComputeManagementClient;
  readonly #group: string;
  readonly #name: string;
  readonly #key: string;

  /** @param key - the same for all that use this machine */
  constructor(
    client: ComputeManagementClient,
    group: string,
    name: string,
    key: string,
  ) {
    this.#client = client;
    this.#group = group;
    this.#name = name;
    this.#key = key;
  }

  /** Runs a script that only reads; waits for somebody else's run-command. */
  async read(
    script: ScriptName,
    values: ScriptValues,
    signal: AbortSignal,
  ): Promise<JsonObject> {
    const until = Date.now() + READ_PATIENCE_MS;
    for (;;) {
      try {
        return await this.run(script, values, signal);
      } catch (error) {
        const busy = error instanceof TargetError && error.kind === 'busy';
        if (!busy || Date.now() + READ_PAUSE_MS > until) {
          throw error;
        }
        // An abort shows at the next attempt, as its TargetError.
        await delay(READ_PAUSE_MS, undefined, { signal }).catch(() => {});
      }
    }
  }

  /** Runs a script; throws a TargetError `busy` while another run-command is under way. */
  async run(
    script: ScriptName,
    values: ScriptValues,
    signal: AbortSignal,
  ): Promise<JsonObject> {
    const nonce = randomBytes(9).toString('hex');
    const lines = buildScript(script, values, nonce);
    let taken = false;
    try {
      return await turns.take(this.#key, signal, async () => {
        const poller = this.#client.virtualMachines.runCommand(
          this.#group,
          this.#name,
          { commandId: 'RunShellScript', script: lines },
          { abortSignal: signal, updateIntervalInMs: POLL_MS },
        );
        await poller.submitted();
        taken = true;
        const result = await poller.pollUntilDone({ abortSignal: signal });
        return parseAnswer(result.value, nonce);
      });
    } catch (cause) {
      const error = await this.#explain(cause, signal);
      if (!taken && isRefusal(cause)) {
        notRun.add(error);
      }
      throw error;
    }
  }

  /** Power state and agent. Throws a TargetError. */
  async state(signal: AbortSignal): Promise<MachineState> {
    try {
      return readState(
        await this.#client.virtualMachines.instanceView(
          this.#group,
          this.#name,
          { abortSignal: signal },
        ),
      );
    } catch (cause) {
      throw toTargetError(
        cause,
        `read the state of the virtual machine ${this.#name}`,
      );
    }
  }

  async #explain(cause: unknown, signal: AbortSignal): Promise<TargetError> {
    if (cause instanceof TargetError) {
      return cause;
    }
    if (signal.aborted) {
      return new TargetError(
        'transient',
        `Waiting for the virtual machine ${
          this.#name
        } was broken off; a script that it began runs on.`,
      );
    }
    const state = mayBeMachine(cause)
      ? await this.state(signal).catch(() => ({}))
      : {};
    return explainFailure(cause, this.#name, state);
  }
}

/**
 * @see https://learn.microsoft.com/rest/api/compute/virtual-machines/instance-view
 */
export function readState(view: VirtualMachineInstanceView): MachineState {
  const power = view.statuses
    ?.map(status => status.code ?? '')
    .find(code => code.startsWith('PowerState/'))
    ?.slice('PowerState/'.length);
  const agent = view.vmAgent?.statuses?.[0];
  return {
    ...(power !== undefined && { power }),
    ...(agent && { agentReady: agent.displayStatus === 'Ready' }),
  };
}

/** An answer that says no; a timeout of the platform and a failure of its own are none. */
function isRefusal(cause: unknown): boolean {
  const { statusCode } = cause as { statusCode?: unknown };
  return (
    typeof statusCode === 'number' &&
    statusCode >= 400 &&
    statusCode < 500 &&
    statusCode !== 408
  );
}
