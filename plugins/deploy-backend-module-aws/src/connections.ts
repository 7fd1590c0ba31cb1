import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  ConnectionScope,
  readConnectionScope,
  selectConnection,
} from '@vvp/backstage-plugin-deploy-node';

/** A way into an AWS account, as the portal's operator configured it. */
export interface AwsConnection extends ConnectionScope {
  region?: string;
  /** That of the role unless configured. */
  accountId?: string;
  clusters?: string[];
  role?: { arn: string; externalId?: string };
  /** Absent: what the SDK finds by itself. */
  keys?: {
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken?: string;
  };
  endpoint?: string;
  ecrEndpoint?: string;
  stsEndpoint?: string;
}

const key = 'deploy.targets.aws.connections';
const pollKey = 'deploy.targets.aws.pollSeconds';

/** Reads `deploy.targets.aws.connections`; throws an InputError that names the field. */
export function readAwsConnections(config: Config): AwsConnection[] {
  const connections = (config.getOptionalConfigArray(key) ?? []).map(
    readConnection,
  );
  const names = connections.map(connection => connection.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) {
    throw new InputError(
      `${key}: two connections are named "${twice}". Give each one a name of its own.`,
    );
  }
  return connections;
}

/** Reads `deploy.targets.aws.pollSeconds`, in milliseconds; `undefined` if it is not there. */
export function readPollMilliseconds(config: Config): number | undefined {
  const seconds = config.getOptionalNumber(pollKey);
  if (seconds !== undefined && !(seconds >= 0.01 && seconds <= 60)) {
    throw new InputError(
      `${pollKey}: ${seconds} is not between 0.01 and 60 seconds.`,
    );
  }
  return seconds === undefined ? undefined : seconds * 1000;
}

/** What of a target decides which connection it may use. */
export interface EcsPlace {
  connection?: string;
  region: string;
  cluster: string;
}

/**
 * The connection for a service of ECS. Throws an InputError if there is none, or if it is not for the
 * region or the cluster.
 */
export function selectAwsConnection(
  connections: readonly AwsConnection[],
  repository: string,
  place: EcsPlace,
): AwsConnection {
  const connection = selectConnection(connections, 'aws', {
    name: place.connection,
    repository,
  });
  if (connection.region && connection.region !== place.region) {
    throw new InputError(
      `target.region: the connection "${connection.name}" is only for ${connection.region}. Correct target.region in deploy.yaml, or ask for a connection for ${place.region} in ${key}.`,
    );
  }
  if (
    connection.clusters &&
    !connection.clusters.some(pattern => matches(pattern, place.cluster))
  ) {
    throw new InputError(
      `target.cluster: the connection "${connection.name}" is not for the cluster ${place.cluster}. Correct target.cluster in deploy.yaml, or add the cluster to clusters of this connection in ${key}.`,
    );
  }
  return connection;
}

function readConnection(config: Config): AwsConnection {
  const scope = readConnectionScope(config);
  const accountId = config.getOptional('accountId')?.toString();
  if (accountId !== undefined && !/^\d{12}$/.test(accountId)) {
    throw new InputError(
      `${key}: accountId of "${scope.name}" has to be 12 digits in quotes, such as "111122223333".`,
    );
  }
  const roleArn = config.getOptionalString('roleArn');
  if (
    roleArn !== undefined &&
    !/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(roleArn)
  ) {
    throw new InputError(
      `${key}: roleArn of "${scope.name}" has to be the ARN of a role, such as arn:aws:iam::111122223333:role/deploy-portal.`,
    );
  }
  return {
    ...scope,
    region: config.getOptionalString('region'),
    accountId: accountId ?? roleArn?.split(':')[4],
    clusters: config.getOptionalStringArray('clusters'),
    role:
      roleArn === undefined
        ? undefined
        : {
            arn: roleArn,
            externalId: config.getOptionalString('externalId'),
          },
    keys: readKeys(config, scope.name),
    endpoint: config.getOptionalString('endpoint'),
    ecrEndpoint: config.getOptionalString('ecrEndpoint'),
    stsEndpoint: config.getOptionalString('stsEndpoint'),
  };
}

function readKeys(config: Config, name: string): AwsConnection['keys'] {
  const accessKeyId = config.getOptionalString('accessKeyId');
  const secretAccessKey = config.getOptionalString('secretAccessKey');
  if (accessKeyId === undefined && secretAccessKey === undefined) {
    return undefined;
  }
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new InputError(
      `${key}: "${name}" needs both accessKeyId and secretAccessKey, or neither of them.`,
    );
  }
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: config.getOptionalString('sessionToken'),
  };
}

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map(escapeRegExp);
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
