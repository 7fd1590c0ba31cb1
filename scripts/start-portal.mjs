import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './lib/install.mjs';
import { checkNodeVersion } from './lib/nodeVersion.mjs';
import { resolveRoot } from './lib/paths.mjs';
import { startBackend, startFrontend, waitForPortal } from './lib/portal.mjs';
import { readPort, requireFreePort } from './lib/ports.mjs';
import { Problem, runCommand } from './lib/problem.mjs';
import { untilStopped } from './lib/untilStopped.mjs';

const help = `npm run start:portal                      the portal on app-config.yaml, and app-config.local.yaml where there is one
npm run start:portal -- --config <file>   reads this file last; may be given more than once

Variables: PORT (3000), BACKEND_PORT (7007), and those that your configuration names`;

const logDirectory = resolveRoot('.portal/logs');

await runCommand(async () => {
  const options = readOptions();
  if (options.help) {
    console.log(help);
    return;
  }
  await startOwnPortal(options.config ?? []);
});

function readOptions() {
  try {
    return parseArgs({
      options: {
        config: { type: 'string', multiple: true },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new Problem(`${error.message}\n\n${help}`);
  }
}

async function startOwnPortal(extraConfigFiles) {
  await checkNodeVersion();
  const port = readPort('PORT', 3000);
  const backendPort = readPort('BACKEND_PORT', 7007);
  await requireFreePort(port, 'PORT', 'the portal');
  await requireFreePort(backendPort, 'BACKEND_PORT', 'the backend');
  await ensureInstalled(`${logDirectory}/install.log`);

  const configFiles = findConfigFiles(extraConfigFiles);
  await untilStopped(async (processes, signal) => {
    console.log(
      'Starting the portal: its backend, and the frontend, which is built first.',
    );
    const portal = {
      processes,
      configFiles,
      env: {},
      logDirectory,
      port,
      backendPort,
      signal,
    };
    await startBackend(portal);
    await startFrontend(portal);
    await waitForPortal(portal);
    console.log(`
The portal is ready: http://localhost:${port}
Logs:                ${logDirectory}
Stop with Ctrl-C.`);
  });
}

function findConfigFiles(extraConfigFiles) {
  const local = resolveRoot('app-config.local.yaml');
  const extra = extraConfigFiles.map(file => resolveRoot(file));
  const missing = extra.find(file => !existsSync(file));
  if (missing) {
    throw new Problem(`The configuration file ${missing} does not exist.`);
  }
  return [
    resolveRoot('app-config.yaml'),
    ...(existsSync(local) ? [local] : []),
    ...extra,
  ];
}
