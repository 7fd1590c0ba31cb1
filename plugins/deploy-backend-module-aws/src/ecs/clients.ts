import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient, ECSClientConfig } from '@aws-sdk/client-ecs';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { AwsConnection } from '../connections';

/** Clients of one connection and region. */
export interface EcsClients {
  reading: ECSClient;
  writing: ECSClient;
  /** Looks at the registry of the region. */
  images: ECRClient;
}

const kept = 50;

/** Makes clients, and keeps those used last: they hold the credentials that were asked for. */
export class ClientPool {
  readonly #clients = new Map<string, EcsClients>();

  get(connection: AwsConnection, region: string): EcsClients {
    const key = `${connection.name} ${region}`;
    const clients = this.#clients.get(key) ?? createClients(connection, region);
    this.#clients.delete(key);
    this.#clients.set(key, clients);
    if (this.#clients.size > kept) {
      const [oldest] = this.#clients.keys();
      const old = this.#clients.get(oldest);
      this.#clients.delete(oldest);
      old?.reading.destroy();
      old?.writing.destroy();
      old?.images.destroy();
    }
    return clients;
  }
}

function createClients(connection: AwsConnection, region: string): EcsClients {
  const config: ECSClientConfig = {
    region,
    endpoint: connection.endpoint,
    credentials: credentialsOf(connection, region),
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: 20_000,
      throwOnRequestTimeout: true,
    },
  };
  return {
    reading: new ECSClient({ ...config, maxAttempts: 3 }),
    writing: new ECSClient({ ...config, maxAttempts: 1 }),
    images: new ECRClient({
      ...config,
      endpoint: connection.ecrEndpoint,
      maxAttempts: 3,
    }),
  };
}

function credentialsOf(
  connection: AwsConnection,
  region: string,
): ECSClientConfig['credentials'] {
  const { keys, role, stsEndpoint } = connection;
  if (!role) {
    return keys;
  }
  return fromTemporaryCredentials({
    masterCredentials: keys,
    params: {
      RoleArn: role.arn,
      RoleSessionName: 'deploy-portal',
      ...(role.externalId !== undefined && { ExternalId: role.externalId }),
    },
    clientConfig: {
      region,
      ...(stsEndpoint !== undefined && { endpoint: stsEndpoint }),
    },
  });
}
