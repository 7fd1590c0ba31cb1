import { AzureConnection } from '../connections';

/** All of them are run by Microsoft, so the identity's token may travel there. */
const AZURE_REGISTRY = /^[a-z0-9]+(-[a-z0-9]+)*\.azurecr\.io$/;

/**
 * Where a registry answers; `undefined` if the connection may not ask it: a repository chooses the image's
 * name, and must not choose who is sent a token.
 *
 * @param registry - host of an image, lower case
 */
export function findEndpoint(
  connection: Pick<AzureConnection, 'registries' | 'registryEndpoints'>,
  registry: string,
): string | undefined {
  const { registries, registryEndpoints = {} } = connection;
  const isAsked = registries
    ? registries.includes(registry)
    : AZURE_REGISTRY.test(registry);
  if (!isAsked) {
    return undefined;
  }
  return Object.hasOwn(registryEndpoints, registry)
    ? registryEndpoints[registry]
    : `https://${registry}`;
}
