import { ContainerRegistryClient } from '@azure/container-registry';
import { version } from '@azure/container-registry/package.json';
import { captureOperations, MapperClient } from '../model/captureOperations';
import { VendorModel } from '../model/VendorModel';

/** What the SDK says of the wire: the same version that the target runs on. */
export async function createRegistryModel(): Promise<VendorModel> {
  const registry = new ContainerRegistryClient('https://registry.example.test');
  // The generated client, whose groups of operations have the descriptions.
  const { client } = registry as unknown as { client: MapperClient };
  return new VendorModel(
    `@azure/container-registry ${version} operations and mappers`,
    await captureOperations(client),
  );
}

/** The version of `/acr/v1` that the SDK sends. */
export const API_VERSION = '2021-07-01';
