export { RegistryServer } from './RegistryServer';
export type { RegistryRecord } from './RegistryServer';
export { RegistryStore } from './RegistryStore';
export type { RegistryFaults } from './types';
