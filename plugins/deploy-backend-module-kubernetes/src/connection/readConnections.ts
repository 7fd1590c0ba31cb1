import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  ConnectionScope,
  readConnectionScope,
} from '@vvp/backstage-plugin-deploy-node';

/** How a cluster is reached. Exactly one of the three. */
export type ClusterAccess =
  | {
      type: 'server';
      server: string;
      caFile?: string;
      caData?: string;
      token?: string;
      tokenFile?: string;
    }
  | { type: 'in-cluster' }
  | { type: 'kubeconfig'; file: string; context?: string };

/** A cluster, and who may use it. */
export interface KubernetesConnection extends ConnectionScope {
  access: ClusterAccess;
  /** Absent: all that the credentials reach. */
  namespaces?: string[];
}

const KEY = 'deploy.targets.kubernetes.connections';

/**
 * Reads `deploy.targets.kubernetes.connections`. Throws an InputError that names the key and the remedy.
 */
export function readConnections(config: Config): KubernetesConnection[] {
  const connections = (config.getOptionalConfigArray(KEY) ?? []).map(
    (connection, index) => ({
      ...readConnectionScope(connection),
      access: readAccess(connection, `${KEY}[${index}]`),
      namespaces: connection.getOptionalStringArray('namespaces'),
    }),
  );
  const names = connections.map(connection => connection.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new InputError(
      `${KEY}: two connections are called "${twice}". Give each its own name.`,
    );
  }
  return connections;
}

function readAccess(config: Config, where: string): ClusterAccess {
  const server = config.getOptionalString('server');
  const inCluster = config.getOptionalBoolean('inCluster') ?? false;
  const file = config.getOptionalString('kubeconfigFile');
  const ways = [server !== undefined, inCluster, file !== undefined];
  if (ways.filter(Boolean).length !== 1) {
    throw new InputError(
      `${where}: give exactly one of server, inCluster: true and kubeconfigFile.`,
    );
  }
  if (server !== undefined) {
    return readServer(config, where, server);
  }
  if (file !== undefined) {
    return {
      type: 'kubeconfig',
      file,
      context: config.getOptionalString('context'),
    };
  }
  return { type: 'in-cluster' };
}

function readServer(
  config: Config,
  where: string,
  server: string,
): ClusterAccess {
  checkServer(server, where);
  const token = config.getOptionalString('token');
  const tokenFile = config.getOptionalString('tokenFile');
  if (token !== undefined && tokenFile !== undefined) {
    throw new InputError(`${where}: give token or tokenFile, not both.`);
  }
  return {
    type: 'server',
    server: server.replace(/\/+$/, ''),
    caFile: config.getOptionalString('caFile'),
    caData: config.getOptionalString('caData'),
    token,
    tokenFile,
  };
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

function checkServer(server: string, where: string): void {
  let url: URL;
  try {
    url = new URL(server);
  } catch {
    throw new InputError(
      `${where}.server is no address. Write it as https://cluster.example.test:6443.`,
    );
  }
  const isSafe =
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && LOOPBACK.includes(url.hostname));
  if (!isSafe) {
    throw new InputError(
      `${where}.server has to begin with https://; a token must not travel in the clear. Only loopback may be http.`,
    );
  }
  if (url.username || url.password) {
    throw new InputError(
      `${where}.server holds a password. Use token or tokenFile.`,
    );
  }
}
