import { execFileSync } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { DeliverySummary } from '../simulators/github/client/types';
import { Demo, findFreePorts, loopbackGuardEnvironment } from './Demo';
import globalTeardown from './globalTeardown';
import { shared } from './shared';

/** Starts the demo once for all tests, with a state folder of its own. */
export default async function globalSetup(): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'deploy-e2e-'));
  const guardFile = path.join(directory, 'refused.txt');
  await writeFile(guardFile, '');
  const [port, backendPort, githubPort, cloudPort] = await findFreePorts(4);

  const demo = Demo.start({
    env: {
      ...loopbackGuardEnvironment(guardFile),
      PORT: String(port),
      BACKEND_PORT: String(backendPort),
      GITHUB_SIM_PORT: String(githubPort),
      CLOUD_SIM_PORT: String(cloudPort),
      DEMO_STATE: path.join(directory, 'demo'),
    },
  });
  shared.set({ demo, directory });
  try {
    await demo.printed('The portal is ready');
    await historyIsTold(`http://127.0.0.1:${githubPort}`);
  } catch (error) {
    // Without a successful set-up jest does not run the teardown
    await globalTeardown();
    throw error;
  }

  process.env.E2E_PORTAL_URL = `http://localhost:${port}`;
  process.env.E2E_BACKEND_URL = `http://localhost:${backendPort}`;
  process.env.E2E_GITHUB_URL = `http://127.0.0.1:${githubPort}`;
  process.env.E2E_CLOUD_URL = `http://127.0.0.1:${cloudPort}`;
  process.env.E2E_GUARD_FILE = guardFile;
  process.env.E2E_BROWSER = execFileSync(
    process.execPath,
    [path.resolve(__dirname, '../../scripts/find-browser.mjs')],
    { encoding: 'utf8' },
  );
}

/** A person who is told after five minutes that the history is not there yet can look around; the tests cannot. */
async function historyIsTold(github: string): Promise<void> {
  const ask = async <T>(what: string): Promise<T> =>
    (await fetch(`${github}/_control/${what}`)).json();
  for (;;) {
    const deliveries = await ask<DeliverySummary[]>('deliveries');
    const others = await Promise.all(
      ['reports', 'clouds'].map(what => ask<{ waiting: number }>(what)),
    );
    if (
      deliveries.every(({ status }) => status !== 'pending') &&
      others.every(({ waiting }) => waiting === 0)
    ) {
      return;
    }
    await wait(1_000);
  }
}
