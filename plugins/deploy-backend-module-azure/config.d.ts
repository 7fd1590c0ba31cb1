export interface Config {
  deploy?: {
    targets?: {
      /** Azure Container Apps and virtual machines. */
      azure?: {
        /**
         * Ways into Azure, one for each subscription and identity.
         * @visibility backend
         */
        connections?: Array<{
          /**
           * What deploy.yaml calls it in `target.connection`.
           * @visibility backend
           */
          name: string;
          /**
           * `owner/name` of the repositories whose deploy.yaml may use it; `*` stands for any text.
           * @visibility backend
           */
          repositories: string[];
          /**
           * Id of the subscription.
           * @visibility backend
           */
          subscriptionId: string;
          /**
           * Resource groups that may be reached. Default: all that the identity may reach.
           * @visibility backend
           */
          resourceGroups?: string[];
          /**
           * Id of the tenant. Default: what the environment of the portal says (workload identity).
           * @visibility backend
           */
          tenantId?: string;
          /**
           * Client id of an app registration, only together with `clientSecret` and `tenantId`. Default:
           * DefaultAzureCredential, that is workload identity, then managed identity.
           * @visibility backend
           */
          clientId?: string;
          /**
           * Secret of the app registration. Workload or managed identity needs none, and is better.
           * @visibility secret
           */
          clientSecret?: string;
          /**
           * Client id of a user-assigned managed identity.
           * @visibility backend
           */
          managedIdentityClientId?: string;
          /**
           * File with certificates (PEM) of the authority that signs for Azure's addresses, where a proxy
           * looks into TLS. It replaces the authorities that Node.js brings.
           * @visibility backend
           */
          caFile?: string;
          /**
           * Address of Entra ID, `https://login.microsoftonline.com` unless said otherwise.
           * @visibility backend
           */
          authorityHost?: string;
          /**
           * Address of the Resource Manager, `https://management.azure.com` unless said otherwise.
           * @visibility backend
           */
          endpoint?: string;
          /**
           * Hosts of the container registries that are asked whether an image is still there, with the
           * identity of this connection. Default: those that end in `.azurecr.io`.
           * @visibility backend
           */
          registries?: string[];
          /**
           * Addresses (https) of registries that do not answer at their own name, such as behind a
           * private link, by host.
           * @visibility backend
           */
          registryEndpoints?: { [host: string]: string };
        }>;
      };
    };
  };
}
