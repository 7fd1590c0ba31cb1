export { readAzureConnections } from './readAzureConnections';
export { isGivenUp, toTargetError } from './toTargetError';
export type { AzureClientOptions, AzureConnection } from './types';
