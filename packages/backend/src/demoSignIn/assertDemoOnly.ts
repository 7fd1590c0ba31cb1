import { isIPv4 } from 'node:net';
import { RootConfigService } from '@backstage/backend-plugin-api';

/**
 * Throws unless this backend is the demo on the person's own machine.
 *
 * @internal
 */
export function assertDemoOnly(
  config: RootConfigService,
  nodeEnvironment: string | undefined,
): void {
  const problem = findProblem(config, nodeEnvironment);
  if (problem) {
    throw new Error(
      `The demo's sign-in lets anyone in and loads only in the demo: ${problem}. Remove auth.providers.demo from the configuration, or start the demo with 'npm start'`,
    );
  }
}

function findProblem(
  config: RootConfigService,
  nodeEnvironment: string | undefined,
): string | undefined {
  if (config.getOptionalBoolean('demo.enabled') !== true) {
    return 'demo.enabled is not true';
  }
  if (nodeEnvironment === 'production') {
    return 'NODE_ENV is production';
  }
  const baseUrl = config.getString('backend.baseUrl');
  if (!isLoopback(new URL(baseUrl).hostname)) {
    return `backend.baseUrl is ${baseUrl}, which is not this machine alone`;
  }
  const listenHost = readListenHost(config);
  if (listenHost === undefined || !isLoopback(listenHost)) {
    return `backend.listen.host is ${
      listenHost ?? 'every address'
    }, which is not this machine alone`;
  }
  return undefined;
}

function readListenHost(config: RootConfigService): string | undefined {
  const listen = config.getOptional('backend.listen');
  if (typeof listen === 'string') {
    return listen.slice(0, Math.max(listen.lastIndexOf(':'), 0)) || undefined;
  }
  return config.getOptionalString('backend.listen.host');
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname === '::1' ||
    hostname === '[::1]' ||
    (isIPv4(hostname) && hostname.startsWith('127.'))
  );
}
