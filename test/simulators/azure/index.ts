export { AzureSimulator } from './AzureSimulator';
export type {
  ArmProviderFactory,
  AzureSimulatorOptions,
} from './AzureSimulator';
export { ArmError } from './arm/types';
export type {
  ArmContext,
  ArmProvider,
  ArmRequest,
  ArmResponse,
} from './arm/types';
export type { OperationPaths, OperationResult } from './arm/AsyncOperations';
export { captureOperations } from './model/captureOperations';
export type { MapperClient } from './model/captureOperations';
export { VendorModel } from './model/VendorModel';
export type { ValidationReport } from './model/VendorModel';
export {
  containerAppRoutes,
  ControlServer,
  simulatorRoutes,
} from './control/ControlServer';
export type { ControlRoute } from './control/ControlServer';
export { demoApps, demoRegistry } from './demo';
export { RegistryStore } from './registry';
export type { RegistryFaults, RegistryServer } from './registry';
