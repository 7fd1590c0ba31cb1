/**
 * Azure Container Apps and virtual machines as targets of the deploy plugin.
 *
 * @packageDocumentation
 */
export { deployModuleAzure as default } from './module';
export * from './connections';
export * from './containerApp';
