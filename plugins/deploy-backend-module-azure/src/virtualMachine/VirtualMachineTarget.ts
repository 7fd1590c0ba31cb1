import { ComputeManagementClient } from '@azure/arm-compute';
import { InputError } from '@backstage/errors';
import {
  Revision,
  TargetDiagnostics,
  TargetHealth,
} from '@vvp/backstage-plugin-deploy-common';
import {
  DeployTarget,
  PlannedStep,
  selectConnection,
  StepControl,
  StepResult,
  TargetDescription,
  TargetError,
  TargetPlan,
  TargetVerification,
} from '@vvp/backstage-plugin-deploy-node';
import { AzureConnection } from '../connections';
import { rememberAsking, wasAsked } from './asked';
import { defaultReadyLimits, ReadyLimits } from './awaitReady';
import { ConfigFileVariant } from './configFile/ConfigFileVariant';
import { judgeHealth } from './judgeHealth';
import { ScriptName, ScriptValues } from './machine/scripts';
import { VirtualMachine } from './machine/VirtualMachine';
import { readDiagnostics } from './readDiagnostics';
import { throwRefusal } from './refusals';
import { ReleaseVariant } from './release/ReleaseVariant';
import {
  readSettings,
  VirtualMachineEnvironment,
  VirtualMachineSpec,
} from './settings';
import { RunScript, Variant } from './Variant';

/** Everything that an environment leads to. */
interface Opened {
  machine: VirtualMachine;
  variant: Variant;
  settings: ScriptValues;
  description: TargetDescription;
}

/** Drives what runs on virtual machines of Azure, by run-command. See docs/azure-vm.md. */
export class VirtualMachineTarget implements DeployTarget<VirtualMachineSpec> {
  readonly type = 'azure-vm';
  readonly #connections: readonly AzureConnection[];
  readonly #limits: ReadyLimits;
  readonly #clients = new Map<AzureConnection, ComputeManagementClient>();

  constructor(
    connections: readonly AzureConnection[],
    limits: ReadyLimits = defaultReadyLimits,
  ) {
    this.#connections = connections;
    this.#limits = limits;
  }

  describe(environment: VirtualMachineEnvironment): TargetDescription {
    return this.#open(environment).description;
  }

  async revisions(
    environment: VirtualMachineEnvironment,
    signal: AbortSignal,
  ): Promise<Revision[]> {
    const { variant, look } = this.#reader(environment, signal);
    return variant.revisions(look);
  }

  async currentRevision(
    environment: VirtualMachineEnvironment,
    signal: AbortSignal,
  ): Promise<Revision | undefined> {
    const { variant, look } = this.#reader(environment, signal);
    return variant.current(look);
  }

  async planRollback(
    environment: VirtualMachineEnvironment,
    revision: string,
    signal: AbortSignal,
  ): Promise<TargetPlan> {
    const { variant, look } = this.#reader(environment, signal);
    return variant.planRollback(look, revision);
  }

  async planRestart(
    environment: VirtualMachineEnvironment,
    signal: AbortSignal,
  ): Promise<TargetPlan> {
    const { variant, look } = this.#reader(environment, signal);
    if (!variant.canRestart || !variant.planRestart) {
      throw new InputError(
        `target.configFile: nothing is to read ${variant.place} again. Add reload in deploy.yaml.`,
      );
    }
    return variant.planRestart(look);
  }

  async executeStep(
    environment: VirtualMachineEnvironment,
    step: PlannedStep,
    control: StepControl,
  ): Promise<StepResult> {
    const { variant, run } = this.#runner(environment, control.signal);
    return variant.execute({
      step,
      control,
      run: step.compensates ? rememberAsking(run, control) : run,
      limits: this.#limits,
    });
  }

  async compensateStep(
    environment: VirtualMachineEnvironment,
    step: PlannedStep,
    control: StepControl,
  ): Promise<void> {
    if (!wasAsked(control)) {
      control.log('Nothing was changed: there is nothing to undo.');
      return;
    }
    const { variant, run } = this.#runner(environment, control.signal);
    await variant.compensate({ step, control, run, limits: this.#limits });
  }

  async verify(
    environment: VirtualMachineEnvironment,
    revision: string,
    signal: AbortSignal,
  ): Promise<TargetVerification> {
    const { variant, look } = this.#reader(environment, signal);
    return variant.verify(look, revision);
  }

  async health(
    environment: VirtualMachineEnvironment,
    signal: AbortSignal,
  ): Promise<TargetHealth> {
    const { variant, look } = this.#reader(environment, signal);
    const { health } = await variant.verify(look, '');
    return health;
  }

  async diagnostics(
    environment: VirtualMachineEnvironment,
    signal: AbortSignal,
  ): Promise<TargetDiagnostics> {
    const { machine, settings, variant } = this.#open(environment);
    const diagnostics: TargetDiagnostics = {
      health: { state: 'unknown' },
      facts: [],
      events: [],
      logs: [],
      problems: [],
    };
    try {
      const { power, agentReady } = await machine.state(signal);
      diagnostics.facts.push(
        { label: 'Power', value: power ?? 'not known' },
        { label: 'Azure agent', value: agentReady ? 'ready' : 'not ready' },
      );
    } catch (error) {
      diagnostics.problems.push(sayProblem(error));
    }
    try {
      const answer = await machine.read('diagnose', settings, signal);
      throwRefusal(answer, { revision: '', place: variant.place });
      const read = readDiagnostics(answer);
      diagnostics.health = judgeHealth(answer, settings);
      diagnostics.facts.push(...read.facts);
      diagnostics.logs.push(...read.logs);
      diagnostics.problems.push(...read.problems);
    } catch (error) {
      const problem = sayProblem(error);
      diagnostics.health = { state: 'unknown', reason: problem };
      diagnostics.problems.push(problem);
    }
    return diagnostics;
  }

  #reader(
    environment: VirtualMachineEnvironment,
    signal: AbortSignal,
  ): { variant: Variant; look: RunScript } {
    const { machine, variant, settings } = this.#open(environment);
    return {
      variant,
      look: (script: ScriptName, values: ScriptValues) =>
        machine.read(script, { ...settings, ...values }, signal),
    };
  }

  #runner(
    environment: VirtualMachineEnvironment,
    signal: AbortSignal,
  ): { variant: Variant; run: RunScript } {
    const { machine, variant, settings } = this.#open(environment);
    return {
      variant,
      run: (script: ScriptName, values: ScriptValues) =>
        machine.run(script, { ...settings, ...values }, signal),
    };
  }

  #open(environment: VirtualMachineEnvironment): Opened {
    const { target, repository } = environment;
    const settings = readSettings(environment);
    const connection = selectConnection(this.#connections, 'azure', {
      name: target.connection,
      repository,
    });
    const { subscriptionId, resourceGroups } = connection;
    const group = target.resourceGroup.toLowerCase();
    if (resourceGroups && !resourceGroups.includes(group)) {
      throw new InputError(
        `target.resourceGroup: the connection "${connection.name}" may not reach ${target.resourceGroup}. Correct it in deploy.yaml, or add the group to the connection in app-config.`,
      );
    }
    const lockKey =
      `azure-vm:${subscriptionId}/${group}/${target.name}`.toLowerCase();
    const variant = openVariant(environment, settings);
    return {
      machine: new VirtualMachine(
        this.#clientOf(connection),
        target.resourceGroup,
        target.name,
        lockKey,
      ),
      variant,
      settings,
      description: {
        resource: `${variant.place} on the virtual machine ${target.name} in ${target.resourceGroup}`,
        lockKey,
        ...(connection.clientOptions.endpoint === undefined && {
          consoleUrl: `https://portal.azure.com/#resource/subscriptions/${subscriptionId}/resourceGroups/${target.resourceGroup}/providers/Microsoft.Compute/virtualMachines/${target.name}`,
        }),
        canRestart: variant.canRestart,
      },
    };
  }

  #clientOf(connection: AzureConnection): ComputeManagementClient {
    let client = this.#clients.get(connection);
    if (!client) {
      client = new ComputeManagementClient(
        connection.credential,
        connection.subscriptionId,
        connection.clientOptions,
      );
      this.#clients.set(connection, client);
    }
    return client;
  }
}

function openVariant(
  { target }: VirtualMachineEnvironment,
  settings: ScriptValues,
): Variant {
  if (target.release) {
    return new ReleaseVariant(target.release, settings);
  }
  if (target.configFile) {
    return new ConfigFileVariant(target.configFile, settings);
  }
  throw new InputError('target: neither release nor configFile.');
}

function sayProblem(error: unknown): string {
  return error instanceof TargetError
    ? [error.message, error.remedy].filter(Boolean).join(' ')
    : 'It could not be read.';
}
