import path from 'node:path';
import { resolveRoot } from './paths.mjs';
import { waitForHttp } from './readiness.mjs';

const backstageCli = resolveRoot(
  'node_modules/@backstage/cli/bin/backstage-cli',
);
const typescriptLoader = resolveRoot(
  'node_modules/@backstage/cli-node/config/nodeTransform.cjs',
);

/** Starts backend and frontend on the given configuration, and waits until both answer. */
export async function startPortal({
  processes,
  configFiles,
  env,
  logDirectory,
  port,
  backendPort,
  signal,
}) {
  const configArgs = configFiles.flatMap(file => ['--config', file]);
  const portalEnv = {
    ...env,
    NODE_ENV: 'development',
    PORT: String(port),
    BACKEND_PORT: String(backendPort),
    // The command line would open a browser by itself otherwise
    BROWSER: 'none',
  };
  await processes.startNode({
    name: 'backend',
    // What `backstage-cli package start` runs, without its watcher: that would outlive a backend that refuses to start
    args: [
      '--enable-source-maps',
      ...['--require', typescriptLoader],
      'src/index',
      ...configArgs,
    ],
    cwd: resolveRoot('packages/backend'),
    env: portalEnv,
    logFile: path.join(logDirectory, 'backend.log'),
  });
  await processes.startNode({
    name: 'frontend',
    args: [backstageCli, 'package', 'start', ...configArgs],
    cwd: resolveRoot('packages/app'),
    env: portalEnv,
    logFile: path.join(logDirectory, 'frontend.log'),
  });
  await Promise.race([
    processes.failed,
    Promise.all([
      waitForHttp(backendHealth(backendPort), {
        seconds: 300,
        what: 'The start of the backend',
        signal,
      }).then(() => console.log('  the backend is up')),
      waitForHttp(`http://127.0.0.1:${port}/`, {
        seconds: 300,
        what: 'The build of the frontend',
        signal,
      }).then(() => console.log('  the frontend is built')),
    ]),
  ]);
}

/** The address that answers with success as soon as the backend serves. */
export function backendHealth(backendPort) {
  return `http://127.0.0.1:${backendPort}/.backstage/health/v1/readiness`;
}
