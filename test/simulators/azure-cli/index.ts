export { AzureCli } from './AzureCli';
export type { Invocation } from './AzureCli';
export { BlobStore, sha256Of } from './BlobStore';
export { ContainerApps } from './ContainerApps';
