export { createVirtualMachineTarget } from './createVirtualMachineTarget';
export type { ReadyLimits } from './awaitReady';
