export interface Config {
  deploy?: {
    targets?: {
      kubernetes?: {
        /**
         * The clusters that deploy.yaml may name as `target.connection`.
         */
        connections: Array<{
          /**
           * What deploy.yaml calls it.
           * @visibility backend
           */
          name: string;
          /**
           * `owner/name` of the repositories whose deploy.yaml may name it; `*` stands for any text.
           * @visibility backend
           */
          repositories: string[];
          /**
           * Namespaces that may be touched by it. Default: all that its credentials reach.
           * @visibility backend
           */
          namespaces?: string[];
          /**
           * Address of the API server, https; http only on loopback.
           * @visibility backend
           */
          server?: string;
          /**
           * File with the certificate authority of the API server, PEM. Default: the system's.
           * @visibility backend
           */
          caFile?: string;
          /**
           * The same as base64 text, as kubeconfig files have it.
           * @visibility backend
           */
          caData?: string;
          /**
           * Bearer token of a service account.
           * @visibility secret
           */
          token?: string;
          /**
           * File with the bearer token, read again for each request, so that it may be rotated.
           * @visibility backend
           */
          tokenFile?: string;
          /**
           * The cluster that the portal itself runs in, by the service account of its pod.
           * @visibility backend
           */
          inCluster?: boolean;
          /**
           * A kubeconfig file.
           * @visibility backend
           */
          kubeconfigFile?: string;
          /**
           * Context in that file. Default: its current one.
           * @visibility backend
           */
          context?: string;
        }>;
      };
    };
  };
}
