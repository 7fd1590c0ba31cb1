import { rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  chooseCloudPort,
  chooseGithubPort,
  createDemoSecrets,
  demoStateDirectory,
  prepareDemoState,
  startClouds,
  startGithubSimulator,
  waitForHistory,
} from './lib/demo.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { checkNodeVersion } from './lib/nodeVersion.mjs';
import { resolveRoot } from './lib/paths.mjs';
import { startBackend, startFrontend, waitForPortal } from './lib/portal.mjs';
import { readPort, requireFreePort } from './lib/ports.mjs';
import { Problem, runCommand } from './lib/problem.mjs';
import { untilStopped } from './lib/untilStopped.mjs';

const help = `npm start             the portal with the demo, on this machine alone
npm start -- --fresh  forgets what the demo wrote and begins again

Variables: PORT (3000), BACKEND_PORT (7007), GITHUB_SIM_PORT, CLOUD_SIM_PORT (free ones), DEMO_STATE (.demo)`;

const demoService = 'vvp-verifier';

await runCommand(async () => {
  const options = readOptions();
  if (options.help) {
    console.log(help);
    return;
  }
  await startDemo(options);
});

function readOptions() {
  try {
    return parseArgs({
      options: { fresh: { type: 'boolean' }, help: { type: 'boolean' } },
    }).values;
  } catch (error) {
    throw new Problem(`${error.message}\n\n${help}`);
  }
}

async function startDemo({ fresh = false }) {
  await checkNodeVersion();
  const port = readPort('PORT', 3000);
  const backendPort = readPort('BACKEND_PORT', 7007);
  await requireFreePort(port, 'PORT', 'the portal');
  await requireFreePort(backendPort, 'BACKEND_PORT', 'the backend');
  const state = demoStateDirectory();
  const anchor = await prepareDemoState(state, { fresh });
  const githubPort = await chooseGithubPort(state);
  const cloudPort = await chooseCloudPort(state);
  const logDirectory = path.join(state, 'logs');
  try {
    await ensureInstalled(path.join(logDirectory, 'install.log'));
    await untilStopped(async (processes, signal) => {
      const demo = {
        processes,
        signal,
        port,
        backendPort,
        githubPort,
        cloudPort,
        state,
        anchor,
        logDirectory,
        configFiles: [
          resolveRoot('app-config.yaml'),
          resolveRoot('app-config.demo.yaml'),
        ],
        env: {
          ...createDemoSecrets(),
          DEMO_STATE: state,
          GITHUB_SIM_PORT: String(githubPort),
          CLOUD_SIM_PORT: String(cloudPort),
        },
      };
      console.log('Building the frontend.');
      await startFrontend(demo);
      console.log('Starting the simulated clouds and the simulated GitHub.');
      const [addresses] = await Promise.all([
        startClouds(demo),
        startGithubSimulator(demo),
      ]);
      Object.assign(demo.env, addresses);
      console.log('Starting the backend.');
      await startBackend(demo);
      await waitForPortal(demo);
      console.log('Waiting for the simulated history of the last month.');
      const complete = await waitForHistory({
        ...demo,
        service: demoService,
        seconds: 300,
      });
      if (!complete) {
        console.log(
          `  it is not there yet, see ${logDirectory}; the portal works all the same`,
        );
      }
      const portal = `http://localhost:${port}`;
      console.log(`
The portal is ready:  ${portal}
A service to look at: ${portal}/catalog/default/component/${demoService}/deployments
The simulated GitHub: http://127.0.0.1:${githubPort}
Logs:                 ${logDirectory}
Stop with Ctrl-C.`);
    });
  } finally {
    await rm(path.join(state, 'pid'), { force: true });
  }
}
