import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { resolveRoot } from './paths.mjs';
import { backendHealth } from './portal.mjs';
import { findFreePort, readPort, requireFreePort } from './ports.mjs';
import { Problem } from './problem.mjs';
import { poll } from './readiness.mjs';

/** The folder that holds everything the demo writes. */
export function demoStateDirectory() {
  return resolveRoot(process.env.DEMO_STATE || '.demo');
}

/** Makes the state folder ready for one demo, and gives the moment at which its history ends. */
export async function prepareDemoState(state, { fresh }) {
  await refuseSecondDemo(state);
  if (fresh) {
    await rm(state, { recursive: true, force: true });
  }
  await mkdir(path.join(state, 'db'), { recursive: true });
  await writeFile(path.join(state, 'pid'), String(process.pid));
  return await readAnchor(path.join(state, 'anchor'));
}

/** The port of the simulated GitHub: the same at every start, because links that are stored name it. */
export async function chooseGithubPort(state) {
  return await choosePort(
    path.join(state, 'github-port'),
    'GITHUB_SIM_PORT',
    'the simulated GitHub',
  );
}

/** The port where the simulated clouds are steered: the same at every start, because every deploy.yaml names it. */
export async function chooseCloudPort(state) {
  return await choosePort(
    path.join(state, 'cloud-port'),
    'CLOUD_SIM_PORT',
    'the simulated clouds',
  );
}

async function choosePort(file, variable, purpose) {
  const kept = Number(await readIfThere(file)) || undefined;
  const port = readPort(variable, kept ?? (await findFreePort()));
  await requireFreePort(port, variable, purpose);
  await writeFile(file, String(port));
  return port;
}

/** Secrets that live as long as this start of the demo, handed over by environment only. */
export function createDemoSecrets() {
  const githubToken = randomBytes(24).toString('hex');
  return {
    DEMO_GITHUB_TOKEN: githubToken,
    // What the simulator lets in: the token, and whose it is
    DEMO_GITHUB_TOKENS: `${githubToken}=deploy-portal[bot]`,
    DEMO_WEBHOOK_SECRET: randomBytes(24).toString('hex'),
    DEMO_DEPLOYMENT_TESTS_KEY: randomBytes(24).toString('hex'),
    DEMO_AZURE_CLIENT_SECRET: randomBytes(24).toString('hex'),
    DEMO_AWS_ACCESS_KEY_ID: `AKIA${randomBytes(8)
      .toString('hex')
      .toUpperCase()}`,
    DEMO_AWS_SECRET_ACCESS_KEY: randomBytes(24).toString('hex'),
    DEMO_KUBERNETES_TOKEN: randomBytes(24).toString('hex'),
  };
}

/** Starts the simulated clouds, empty; gives the variables by which app-config.demo.yaml leads there. */
export async function startClouds({
  processes,
  env,
  cloudPort,
  logDirectory,
  signal,
}) {
  let started;
  await processes.startNode({
    name: 'simulator of the clouds',
    args: [
      ...['--import', 'tsx', resolveRoot('test/simulators/cloud/main.ts')],
      ...['--port', String(cloudPort)],
    ],
    cwd: resolveRoot(),
    env: {
      CLOUD_AZURE_CLIENT_SECRET: env.DEMO_AZURE_CLIENT_SECRET,
      CLOUD_AWS_ACCESS_KEY_ID: env.DEMO_AWS_ACCESS_KEY_ID,
      CLOUD_AWS_SECRET_ACCESS_KEY: env.DEMO_AWS_SECRET_ACCESS_KEY,
      CLOUD_KUBERNETES_TOKEN: env.DEMO_KUBERNETES_TOKEN,
    },
    logFile: path.join(logDirectory, 'clouds.log'),
    onLine: line => {
      started ??= line.startsWith('{') ? JSON.parse(line) : undefined;
    },
  });
  const { azure, aws, kubernetes } = await Promise.race([
    processes.failed,
    poll(async () => started, {
      seconds: 180,
      what: 'The start of the simulated clouds',
      signal,
    }),
  ]);
  return {
    DEMO_AZURE_URL: azure.url,
    DEMO_AZURE_CA_FILE: azure.caFile,
    DEMO_AZURE_SUBSCRIPTION_ID: azure.subscriptionId,
    DEMO_AZURE_TENANT_ID: azure.tenantId,
    DEMO_AZURE_CLIENT_ID: azure.clientId,
    DEMO_AWS_URL: aws.url,
    DEMO_KUBERNETES_DEV_URL: kubernetes['phoenix-dev'].url,
    DEMO_KUBERNETES_STAGING_URL: kubernetes['phoenix-staging'].url,
    DEMO_KUBERNETES_PRODUCTION_URL: kubernetes['phoenix-production'].url,
  };
}

/** Starts the simulator of GitHub; it plays its month of history as soon as the backend is up. */
export async function startGithubSimulator({
  processes,
  state,
  env,
  githubPort,
  cloudPort,
  backendPort,
  anchor,
  logDirectory,
  signal,
}) {
  const clouds = `http://127.0.0.1:${cloudPort}`;
  let ready = false;
  await processes.startNode({
    name: 'simulator of GitHub',
    args: [
      '--import',
      'tsx',
      resolveRoot('test/simulators/github/main.ts'),
      ...['--port', String(githubPort)],
      ...['--state', path.join(state, 'github')],
      ...['--examples', resolveRoot('examples')],
      ...['--anchor', anchor],
      '--history',
      ...[
        '--webhook-url',
        `http://127.0.0.1:${backendPort}/api/events/http/github`,
      ],
      ...['--webhook-secret-env', 'DEMO_WEBHOOK_SECRET'],
      ...['--tokens-env', 'DEMO_GITHUB_TOKENS'],
      ...['--report-url', `http://127.0.0.1:${backendPort}/api/deploy`],
      ...['--report-key-env', 'DEMO_DEPLOYMENT_TESTS_KEY'],
      ...['--cloud-url', clouds],
      ...['--version-url', `${clouds}/version`],
      ...['--wait-for', backendHealth(backendPort)],
    ],
    cwd: resolveRoot(),
    env,
    logFile: path.join(logDirectory, 'github.log'),
    onLine: line => {
      ready ||= line.startsWith('{');
    },
  });
  await Promise.race([
    processes.failed,
    poll(async () => ready || undefined, {
      seconds: 180,
      what: 'The start of the simulator of GitHub',
      signal,
    }),
  ]);
}

/** Waits until the history and its reports are delivered and the service shows what runs in production; says whether it does in time. */
export async function waitForHistory({
  githubPort,
  backendPort,
  service,
  seconds,
  signal,
}) {
  const github = `http://127.0.0.1:${githubPort}`;
  const backend = `http://127.0.0.1:${backendPort}`;
  const options = { seconds, what: 'The history', signal };
  try {
    await poll(async () => {
      const deliveries = await getJson(`${github}/_control/deliveries`);
      const reports = await getJson(`${github}/_control/reports`);
      const clouds = await getJson(`${github}/_control/clouds`);
      const pending = deliveries.some(({ status }) => status === 'pending');
      return pending || reports.waiting > 0 || clouds.waiting > 0
        ? undefined
        : true;
    }, options);
    await poll(async () => {
      const token = await signIn(backend);
      const overview = await getJson(
        `${backend}/api/deploy/services/component/default/${service}`,
        { authorization: `Bearer ${token}` },
      );
      return overview.environments.find(({ name }) => name === 'production')
        ?.currentDeployment;
    }, options);
    return true;
  } catch (error) {
    if (error instanceof Problem) {
      return false;
    }
    throw error;
  }
}

async function signIn(backend) {
  const session = await getJson(
    `${backend}/api/auth/demo/refresh?env=development`,
    { 'x-demo-user': 'dana' },
  );
  return session.backstageIdentity.token;
}

async function getJson(url, headers) {
  const response = await fetch(url, {
    headers,
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}`);
  }
  return await response.json();
}

async function refuseSecondDemo(state) {
  const pid = Number(await readIfThere(path.join(state, 'pid')));
  if (pid && pid !== process.pid && isRunning(pid)) {
    throw new Problem(
      `The demo already runs on ${state} (process ${pid}). Stop it first, or set DEMO_STATE to another folder.`,
    );
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Kept, so that a restart plays the same history again instead of another one beside it. */
async function readAnchor(file) {
  const kept = await readIfThere(file);
  if (kept) {
    return kept;
  }
  const anchor = new Date().toISOString();
  await writeFile(file, anchor);
  return anchor;
}

async function readIfThere(file) {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    return undefined;
  }
}
