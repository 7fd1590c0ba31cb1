export { readAzureConnections } from './readAzureConnections';
export { toTargetError } from './toTargetError';
export type { AzureClientOptions, AzureConnection } from './types';
