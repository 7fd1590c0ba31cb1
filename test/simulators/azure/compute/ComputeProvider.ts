import { setTimeout as delay } from 'node:timers/promises';
import { OperationResult } from '../arm/AsyncOperations';
import {
  ArmContext,
  ArmError,
  ArmProvider,
  ArmRequest,
  ArmResponse,
} from '../arm/types';
import { VendorModel } from '../model/VendorModel';
import { API_VERSION, createComputeModel } from './model';
import { renderMachine, renderResult, renderView } from './render';
import {
  SimulatedRun,
  SimulatedVirtualMachine,
  VirtualMachineStore,
} from './VirtualMachineStore';

/** A short script is over when the answer 202 comes, so that nobody has to ask for it often. */
const ANSWER_AFTER_MS = 400;

/** The only document of run-command that is simulated, and the most lines and bytes of it. */
const SHELL = 'RunShellScript';
const LARGEST_SCRIPT = 262_144;

/** `Microsoft.Compute`: virtual machines, their instance view, and run-command, one at a time for each. */
export class ComputeProvider implements ArmProvider {
  readonly namespace = 'Microsoft.Compute';
  readonly apiVersions = [API_VERSION];
  readonly model: VendorModel;
  readonly store: VirtualMachineStore;
  readonly #context: ArmContext;

  private constructor(
    context: ArmContext,
    model: VendorModel,
    store: VirtualMachineStore,
  ) {
    this.#context = context;
    this.model = model;
    this.store = store;
  }

  static async create(
    context: ArmContext,
    store: VirtualMachineStore,
  ): Promise<ComputeProvider> {
    return new ComputeProvider(context, await createComputeModel(), store);
  }

  async handle(request: ArmRequest): Promise<ArmResponse> {
    const [type, name, child, ...rest] = request.path;
    if (
      type.toLowerCase() !== 'virtualmachines' ||
      request.resourceGroup === undefined ||
      name === undefined ||
      rest.length > 0
    ) {
      throw notSimulated();
    }
    const machine = this.store.find(request.resourceGroup, name);
    if (!machine) {
      throw new ArmError(
        404,
        'ResourceNotFound',
        `The Resource 'Microsoft.Compute/virtualMachines/${name}' under resource group '${request.resourceGroup}' was not found.`,
      );
    }
    switch (`${request.method} ${child?.toLowerCase() ?? ''}`) {
      case 'GET ':
        return {
          status: 200,
          body: renderMachine(machine, request.subscriptionId),
        };
      case 'GET instanceview':
        return { status: 200, body: renderView(machine, this.#context.now()) };
      case 'POST runcommand':
        return this.#runCommand(request, machine);
      default:
        throw notSimulated();
    }
  }

  async #runCommand(
    request: ArmRequest,
    machine: SimulatedVirtualMachine,
  ): Promise<ArmResponse> {
    const script = readScript(request);
    if (machine.denied?.(script)) {
      throw new ArmError(
        403,
        'AuthorizationFailed',
        "The client does not have authorization to perform action 'Microsoft.Compute/virtualMachines/runCommand/action' over the scope, or the scope is invalid.",
      );
    }
    if (machine.power !== 'running') {
      throw new ArmError(
        409,
        'OperationNotAllowed',
        'Cannot modify extensions in the VM when the VM is not running.',
      );
    }
    if (machine.runs.some(run => run.finishedAt === undefined)) {
      throw new ArmError(
        409,
        'Conflict',
        'Run command extension execution is in progress. Please wait for completion before invoking a run command.',
      );
    }
    const run: SimulatedRun = { script, startedAt: this.#context.now() };
    machine.runs.push(run);
    let result: OperationResult | undefined;
    const done = this.#run(machine, run).then(outcome => {
      result = outcome;
    });
    await Promise.race([done, delay(ANSWER_AFTER_MS)]);
    return this.#context.operations.start(
      request,
      {
        namespace: this.namespace,
        location: machine.location,
        statuses: 'operations',
        results: 'operations',
      },
      () => result,
      { retryAfterSeconds: result ? 0 : 1 },
    );
  }

  async #run(
    machine: SimulatedVirtualMachine,
    run: SimulatedRun,
  ): Promise<OperationResult> {
    try {
      if (machine.latencyMs > 0) {
        await delay(machine.latencyMs);
      }
      if (!machine.agentReady) {
        return {
          status: 'Failed',
          error: {
            code: 'VMAgentStatusCommunicationError',
            message: `VM '${machine.name}' has not reported status for VM agent or extensions. Please verify that the OS is up and healthy, the VM has a running VM agent, and that it can establish outbound connections to Azure storage.`,
          },
        };
      }
      return {
        status: 'Succeeded',
        body: renderResult(await machine.machine.runScript(run.script)),
      };
    } finally {
      run.finishedAt = this.#context.now();
    }
  }
}

function readScript(request: ArmRequest): string {
  const { commandId, script, parameters } = request.body ?? {};
  if (commandId !== SHELL) {
    throw new ArmError(
      404,
      'NotFound',
      `The entity was not found: run command '${commandId}'.`,
    );
  }
  if (
    !Array.isArray(script) ||
    (Array.isArray(parameters) && parameters.length > 0)
  ) {
    throw new ArmError(
      400,
      'InvalidParameter',
      'A script is required, and parameters are not simulated.',
    );
  }
  const text = script.join('\n');
  if (Buffer.byteLength(text) > LARGEST_SCRIPT) {
    throw new ArmError(400, 'InvalidParameter', 'The script is too large.');
  }
  return text;
}

function notSimulated(): ArmError {
  return new ArmError(
    404,
    'InvalidResourceType',
    'The resource type is not simulated.',
  );
}
