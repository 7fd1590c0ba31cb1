import { JailKind, Machine } from '../../vm';
import { furnishPbx } from '../../vm/pbx';
import type { ArmProviderFactory } from '../AzureSimulator';
import { ComputeProvider } from './ComputeProvider';
import {
  SimulatedVirtualMachine,
  VirtualMachineStore,
} from './VirtualMachineStore';

/** VVP's PBX machine, and the provider to start a simulator with. */
export async function createPbxCompute(kind?: JailKind): Promise<{
  store: VirtualMachineStore;
  provider: ArmProviderFactory;
  pbx: SimulatedVirtualMachine;
  /** Removes the machine. */
  stop(): Promise<void>;
}> {
  const machine = await Machine.create(kind);
  await furnishPbx(machine);
  const store = new VirtualMachineStore();
  const pbx = store.add({ resourceGroup: 'VVP', name: 'vvp-pbx', machine });
  return {
    store,
    provider: context => ComputeProvider.create(context, store),
    pbx,
    stop: () => machine.destroy(),
  };
}
