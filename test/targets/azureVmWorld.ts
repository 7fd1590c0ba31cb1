import { ConfigReader } from '@backstage/config';
import { readAzureConnections } from '@vvp/backstage-plugin-deploy-backend-module-azure/src/connections';
import {
  createVirtualMachineTarget,
  ReadyLimits,
} from '@vvp/backstage-plugin-deploy-backend-module-azure/src/virtualMachine';
import { TargetSpec } from '@vvp/backstage-plugin-deploy-common';
import {
  DeployTarget,
  PlannedStep,
  StepControl,
  TargetEnvironment,
  TargetPlan,
} from '@vvp/backstage-plugin-deploy-node';
import { AzureSimulator } from '../simulators/azure';
import {
  createPbxCompute,
  SimulatedVirtualMachine,
} from '../simulators/azure/compute';
import { JailKind, Machine } from '../simulators/vm';
import {
  BACKUPS,
  DIALPLAN,
  SIGNER,
  SIGNER_UNIT,
  STATUS_URL,
  VERIFIER,
  VERIFIER_UNIT,
} from '../simulators/vm/pbx';
import { recordValidation } from './azureVmValidation';

type VirtualMachineSpec = Extract<TargetSpec, { type: 'azure-vm' }>;

/** VVP's PBX machine in a simulated Azure, and the target that drives it. */
export interface AzureVmWorld {
  azure: AzureSimulator;
  machine: Machine;
  virtualMachine: SimulatedVirtualMachine;
  target: DeployTarget;
  signer: TargetEnvironment;
  verifier: TargetEnvironment;
  dialplan: TargetEnvironment;
  stop(): Promise<void>;
}

/** Short enough for a test that waits for it. */
const limits: ReadyLimits = { deadlineMs: 500, pauseMs: 20 };

/** @param kind - how scripts are kept within the machine; what this process may do unless said otherwise */
export async function startAzureVmWorld(
  kind?: JailKind,
): Promise<AzureVmWorld> {
  const compute = await createPbxCompute(kind);
  const virtualMachine = compute.pbx;
  const { machine } = virtualMachine;
  const azure = await AzureSimulator.start({ providers: [compute.provider] });
  const connections = readAzureConnections(
    new ConfigReader({
      deploy: {
        targets: {
          azure: { connections: [azure.connectionConfig('vvp', ['vvp/*'])] },
        },
      },
    }),
  );
  return {
    azure,
    machine,
    virtualMachine,
    target: createVirtualMachineTarget(connections, limits),
    signer: environmentOf('vvp-sip-redirect', {
      release: {
        directory: SIGNER,
        unit: SIGNER_UNIT,
        environmentFile: '/etc/vvp/sip-redirect.env',
      },
      health: {
        udpPort: 5070,
        url: STATUS_URL,
        keyVariable: 'VVP_STATUS_ADMIN_KEY',
      },
    }),
    verifier: environmentOf('vvp-sip-verify', {
      release: { directory: VERIFIER, unit: VERIFIER_UNIT },
      health: { udpPort: 5071 },
    }),
    dialplan: environmentOf('vvp-pbx-config', {
      configFile: {
        source: 'services/pbx/config/public-sip.xml',
        path: DIALPLAN,
        backupDirectory: BACKUPS,
        owner: 'www-data:www-data',
        reload: 'freeswitch-xml',
      },
    }),
    async stop() {
      recordValidation(azure.validation());
      await azure.stop();
      await compute.stop();
    },
  };
}

export function environmentOf(
  service: string,
  spec: Partial<VirtualMachineSpec>,
): TargetEnvironment {
  return {
    entityRef: `component:default/${service}`,
    repository: 'vvp/vvp',
    environment: 'production',
    tier: 'production',
    target: {
      type: 'azure-vm',
      connection: 'vvp',
      resourceGroup: 'VVP',
      name: 'vvp-pbx',
      ...spec,
    },
  };
}

/** A control as the engine hands it to steps. */
export function createControl(
  options: Partial<StepControl> = {},
): StepControl & { lines: string[] } {
  const lines: string[] = [];
  let memory = {};
  return {
    operationId: 'operation-1',
    fence: 1,
    attempt: 1,
    signal: new AbortController().signal,
    get memory() {
      return memory;
    },
    outputs: {},
    log: text => lines.push(text),
    remember: async next => {
      memory = next;
    },
    wait: milliseconds =>
      new Promise(resolve => {
        setTimeout(resolve, milliseconds);
      }),
    ...options,
    lines,
  };
}

/** Runs all steps of a plan in order. */
export async function runPlan(
  { target }: Pick<AzureVmWorld, 'target'>,
  environment: TargetEnvironment,
  plan: TargetPlan,
  control: StepControl = createControl(),
): Promise<void> {
  for (const step of plan.steps) {
    await target.executeStep(environment, step, control);
  }
}

/** Undoes what a plan planned, last step first. */
export async function undoPlan(
  { target }: Pick<AzureVmWorld, 'target'>,
  environment: TargetEnvironment,
  plan: TargetPlan,
  control: StepControl = createControl(),
): Promise<void> {
  const undone: PlannedStep[] = plan.steps
    .filter(step => step.compensates)
    .reverse();
  // As the process remembered it that began the step.
  await control.remember({ ...control.memory, asked: true });
  for (const step of undone) {
    await target.compensateStep(environment, step, control);
  }
}
