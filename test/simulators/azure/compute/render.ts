import { JsonObject } from '@backstage/types';
import { ScriptResult } from '../../vm';
import { SimulatedVirtualMachine } from './VirtualMachineStore';

/** How much of each stream a run-command tells: its end. */
const TOLD_BYTES = 4_096;

/** Body of a RunCommandResult. The exit code is not told, as Azure does not. */
export function renderResult(result: ScriptResult): JsonObject {
  return {
    value: [
      {
        code: 'ProvisioningState/succeeded',
        level: 'Info',
        displayStatus: 'Provisioning succeeded',
        message: `Enable succeeded: \n[stdout]\n${tail(
          result.stdout,
        )}\n[stderr]\n${tail(result.stderr)}`,
      },
    ],
  };
}

/** Body of a VirtualMachineInstanceView. */
export function renderView(
  machine: SimulatedVirtualMachine,
  now: number,
): JsonObject {
  const time = new Date(now).toISOString();
  return {
    computerName: machine.name,
    osName: 'debian',
    osVersion: '12',
    ...(machine.power === 'running' && {
      vmAgent: {
        vmAgentVersion: '2.12.0.4',
        statuses: [
          machine.agentReady
            ? {
                code: 'ProvisioningState/succeeded',
                level: 'Info',
                displayStatus: 'Ready',
                message: 'Guest Agent is running',
                time,
              }
            : {
                code: 'ProvisioningState/Unavailable',
                level: 'Warning',
                displayStatus: 'Not Ready',
                message: 'VM status blob is found but not yet populated.',
                time,
              },
        ],
      },
    }),
    statuses: [
      {
        code: 'ProvisioningState/succeeded',
        level: 'Info',
        displayStatus: 'Provisioning succeeded',
        time,
      },
      {
        code: `PowerState/${machine.power}`,
        level: 'Info',
        displayStatus: `VM ${machine.power}`,
      },
    ],
  };
}

/** Body of a VirtualMachine. */
export function renderMachine(
  machine: SimulatedVirtualMachine,
  subscriptionId: string,
): JsonObject {
  return {
    id: `/subscriptions/${subscriptionId}/resourceGroups/${machine.resourceGroup}/providers/Microsoft.Compute/virtualMachines/${machine.name}`,
    name: machine.name,
    type: 'Microsoft.Compute/virtualMachines',
    location: machine.location,
    properties: { provisioningState: 'Succeeded' },
  };
}

function tail(text: string): string {
  return Buffer.from(text, 'utf8').subarray(-TOLD_BYTES).toString('utf8');
}
