export { ComputeProvider } from './ComputeProvider';
export { computeRoutes } from './computeRoutes';
export { createPbxCompute } from './createPbxCompute';
export { VirtualMachineStore } from './VirtualMachineStore';
export type {
  SimulatedRun,
  SimulatedVirtualMachine,
} from './VirtualMachineStore';
