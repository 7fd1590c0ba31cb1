import { DeployTarget } from '@vvp/backstage-plugin-deploy-node';
import { AzureConnection } from '../connections';
import { ReadyLimits } from './awaitReady';
import { VirtualMachineTarget } from './VirtualMachineTarget';

/**
 * The target `azure-vm`: releases in directories or one configuration file, on virtual machines of Azure.
 *
 * @param limits - of waiting for a service to come up; 2 minutes unless said otherwise
 * @public
 */
export function createVirtualMachineTarget(
  connections: readonly AzureConnection[],
  limits?: ReadyLimits,
): DeployTarget {
  // The registry hands each target its own kind of environment only.
  return new VirtualMachineTarget(
    connections,
    limits,
  ) as unknown as DeployTarget;
}
