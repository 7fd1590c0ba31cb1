import { readFile } from 'node:fs/promises';
import {
  KubeConfig,
  RequestContext,
  SecurityAuthentication,
} from '@kubernetes/client-node';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { KubernetesConnection } from './readConnections';

/** Where requests go, and what lets them in. */
export interface ClusterClient {
  server: string;
  authentication: SecurityAuthentication;
}

/** Throws a TargetError `credentials` if what the connection names cannot be read. */
export async function createClusterClient(
  connection: KubernetesConnection,
): Promise<ClusterClient> {
  try {
    return await create(connection);
  } catch (error) {
    throw unusable(connection, error);
  }
}

async function create(
  connection: KubernetesConnection,
): Promise<ClusterClient> {
  const { access } = connection;
  const kubeConfig = new KubeConfig();
  if (access.type === 'in-cluster') {
    if (!process.env.KUBERNETES_SERVICE_HOST) {
      throw new Error('the portal does not run in a cluster');
    }
    kubeConfig.loadFromCluster();
    return fromKubeConfig(kubeConfig, connection);
  }
  if (access.type === 'kubeconfig') {
    kubeConfig.loadFromString(await readFile(access.file, 'utf8'));
    if (access.context !== undefined) {
      if (!kubeConfig.getContextObject(access.context)) {
        throw new Error(`the file has no context "${access.context}"`);
      }
      kubeConfig.setCurrentContext(access.context);
    }
    return fromKubeConfig(kubeConfig, connection);
  }
  const token =
    access.tokenFile === undefined
      ? access.token
      : (await readFile(access.tokenFile, 'utf8')).trim();
  if (!token) {
    throw new Error('there is no token');
  }
  kubeConfig.loadFromClusterAndUser(
    {
      name: connection.name,
      server: access.server,
      caFile: access.caFile,
      caData: access.caData,
      // The SDK refuses plain http without it; the configuration lets only loopback be http.
      skipTLSVerify: access.server.startsWith('http:'),
    },
    { name: connection.name, token },
  );
  return fromKubeConfig(kubeConfig, connection);
}

function fromKubeConfig(
  kubeConfig: KubeConfig,
  connection: KubernetesConnection,
): ClusterClient {
  const cluster = kubeConfig.getCurrentCluster();
  if (!cluster) {
    throw new Error('no cluster is chosen');
  }
  return {
    server: cluster.server,
    authentication: {
      getName: () => 'kubernetes',
      async applySecurityAuthentication(context: RequestContext) {
        try {
          await kubeConfig.applySecurityAuthentication(context);
        } catch (error) {
          throw unusable(connection, error);
        }
      },
    },
  };
}

function unusable(
  connection: KubernetesConnection,
  error: unknown,
): TargetError {
  // Messages of file errors name the path, those of parsers may quote the content.
  const code = (error as NodeJS.ErrnoException)?.code;
  const why =
    code === undefined && error instanceof Error && error.name === 'Error'
      ? `: ${error.message.split('\n', 1)[0].slice(0, 200)}`
      : ` (${code ?? 'unreadable'})`;
  return new TargetError(
    'credentials',
    `The credentials of the Kubernetes connection "${connection.name}" cannot be used${why}.`,
    {
      remedy:
        'Check its token, tokenFile, caFile, kubeconfigFile and context in deploy.targets.kubernetes.connections.',
    },
  );
}
