import {
  ClientSecretCredential,
  DefaultAzureCredential,
  TokenCredential,
} from '@azure/identity';
import { InputError } from '@backstage/errors';
import { AzureClientOptions } from './types';

/**
 * The credential of a connection: an app registration's secret where one is given, else whatever identity
 * the portal runs under.
 */
export function createCredential(options: {
  tenantId?: string;
  clientId?: string;
  clientSecret?: string;
  managedIdentityClientId?: string;
  authorityHost?: string;
  clientOptions: AzureClientOptions;
}): TokenCredential {
  const { tenantId, clientId, clientSecret, authorityHost } = options;
  // The address of the Resource Manager is not that of Entra ID.
  const { endpoint: _, ...pipeline } = options.clientOptions;
  const common = {
    ...pipeline,
    ...(authorityHost !== undefined && {
      authorityHost,
      // Entra ID's public directory of authorities does not know others.
      disableInstanceDiscovery: true,
    }),
  };
  if (clientSecret !== undefined) {
    if (tenantId === undefined || clientId === undefined) {
      throw new InputError(
        'deploy.targets.azure.connections: clientSecret needs tenantId and clientId beside it.',
      );
    }
    return new ClientSecretCredential(tenantId, clientId, clientSecret, common);
  }
  return new DefaultAzureCredential({
    ...common,
    ...(tenantId !== undefined && { tenantId }),
    ...(clientId !== undefined && { workloadIdentityClientId: clientId }),
    ...(options.managedIdentityClientId !== undefined && {
      managedIdentityClientId: options.managedIdentityClientId,
    }),
  });
}
