import { TokenCredential } from '@azure/identity';
import { PipelinePolicy } from '@azure/core-rest-pipeline';
import { ConnectionScope } from '@vvp/backstage-plugin-deploy-node';

/**
 * What every client of Azure is made with; fits the options of all of its SDKs.
 *
 * @public
 */
export interface AzureClientOptions {
  /** Address of the Resource Manager; absent: Azure's public cloud. */
  endpoint?: string;
  /** Certificates (PEM) of a private authority. */
  tlsOptions?: { ca: string };
  /** The SDKs' own retries are off: reading is tried again by a policy, changes by the operation's engine. */
  retryOptions: { maxRetries: number };
  redirectOptions: { maxRetries: number };
  additionalPolicies: { policy: PipelinePolicy; position: 'perRetry' }[];
}

/**
 * A way into a subscription of Azure.
 *
 * @public
 */
export interface AzureConnection extends ConnectionScope {
  subscriptionId: string;
  tenantId?: string;
  /** Those that may be reached, lower case; all if absent. */
  resourceGroups?: string[];
  /**
   * Hosts of the container registries that are asked for images, lower case; those that end in
   * `.azurecr.io` if absent.
   */
  registries?: string[];
  /** Addresses (https) of registries that do not answer at their own name, by host. */
  registryEndpoints?: Readonly<Record<string, string>>;
  /** Made once, so that its tokens are kept. */
  credential: TokenCredential;
  clientOptions: AzureClientOptions;
}
