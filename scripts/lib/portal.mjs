import path from 'node:path';
import { resolveRoot } from './paths.mjs';
import { waitForHttp } from './readiness.mjs';

const backstageCli = resolveRoot(
  'node_modules/@backstage/cli/bin/backstage-cli',
);
const typescriptLoader = resolveRoot(
  'node_modules/@backstage/cli-node/config/nodeTransform.cjs',
);

/** Starts the build of the frontend, and serves it. */
export async function startFrontend(options) {
  await options.processes.startNode({
    name: 'frontend',
    args: [backstageCli, 'package', 'start', ...configArgs(options)],
    cwd: resolveRoot('packages/app'),
    env: portalEnvironment(options),
    logFile: path.join(options.logDirectory, 'frontend.log'),
  });
}

/** Starts the backend. */
export async function startBackend(options) {
  await options.processes.startNode({
    name: 'backend',
    // What `backstage-cli package start` runs, without its watcher: that would outlive a backend that refuses to start
    args: [
      '--enable-source-maps',
      ...['--require', typescriptLoader],
      'src/index',
      ...configArgs(options),
    ],
    cwd: resolveRoot('packages/backend'),
    env: portalEnvironment(options),
    logFile: path.join(options.logDirectory, 'backend.log'),
  });
}

/** Waits until backend and frontend both answer, and says so of each. */
export async function waitForPortal({ processes, port, backendPort, signal }) {
  const waitFor = async (url, what, message) => {
    await waitForHttp(url, { seconds: 300, what, signal });
    console.log(`  ${message}`);
  };
  await Promise.race([
    processes.failed,
    Promise.all([
      waitFor(
        backendHealth(backendPort),
        'The start of the backend',
        'the backend is up',
      ),
      waitFor(
        `http://127.0.0.1:${port}/`,
        'The build of the frontend',
        'the frontend is built',
      ),
    ]),
  ]);
}

/** The address that answers with success as soon as the backend serves. */
export function backendHealth(backendPort) {
  return `http://127.0.0.1:${backendPort}/.backstage/health/v1/readiness`;
}

function configArgs({ configFiles }) {
  return configFiles.flatMap(file => ['--config', file]);
}

function portalEnvironment({ env, port, backendPort }) {
  return {
    ...env,
    NODE_ENV: 'development',
    PORT: String(port),
    BACKEND_PORT: String(backendPort),
    // The command line would open a browser by itself otherwise
    BROWSER: 'none',
  };
}
