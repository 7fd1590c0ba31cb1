import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Demo, closeServer, findFreePorts, listen } from './Demo';

describe('the commands', () => {
  let directory: string;
  let ports: { port: number; backendPort: number };

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'deploy-commands-'));
    const [port, backendPort] = await findFreePorts(2);
    ports = { port, backendPort };
  });

  afterEach(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  function environment() {
    return {
      PORT: String(ports.port),
      BACKEND_PORT: String(ports.backendPort),
      DEMO_STATE: path.join(directory, 'demo'),
    };
  }

  it.each([
    { variable: 'PORT', takenPort: () => ports.port },
    { variable: 'BACKEND_PORT', takenPort: () => ports.backendPort },
  ])(
    'npm start says which variable to set where $variable is taken',
    async ({ variable, takenPort }) => {
      const server = await listen(takenPort());

      const demo = Demo.start({ env: environment() });
      const exitCode = await demo.exited;
      await closeServer(server);

      expect(exitCode).toBe(1);
      expect(demo.output).toContain(
        `Port ${takenPort()}, for the ${
          variable === 'PORT' ? 'portal' : 'backend'
        }, is taken`,
      );
      expect(demo.output).toContain(`${variable}=${takenPort() + 1} npm start`);
    },
  );

  it('npm start explains an option that it does not know', async () => {
    const demo = Demo.start({ args: ['--frehs'], env: environment() });

    expect(await demo.exited).toBe(1);
    expect(demo.output).toContain('--frehs');
    expect(demo.output).toContain('npm start -- --fresh');
  });

  it('Ctrl-C stops everything that npm start started', async () => {
    const demo = Demo.start({ env: environment() });
    await demo.printed('the backend is up');
    const whileItRan = await listDemoProcesses(directory);

    const exitCode = await demo.interrupt();

    expect(whileItRan.length).toBeGreaterThanOrEqual(3);
    expect(exitCode).toBe(0);
    expect(demo.output).toContain('Stopped.');
    expect(await listDemoProcesses(directory)).toEqual([]);
    for (const port of [ports.port, ports.backendPort]) {
      await closeServer(await listen(port));
    }
  });

  it('npm start refuses a second demo on the same state folder', async () => {
    const state = path.join(directory, 'demo');
    const first = Demo.start({ env: environment() });
    await first.printed('Starting the');
    const [port, backendPort] = await findFreePorts(2);

    const second = Demo.start({
      args: ['--fresh'],
      env: {
        PORT: String(port),
        BACKEND_PORT: String(backendPort),
        DEMO_STATE: state,
      },
    });
    const exitCode = await second.exited;
    await first.interrupt();

    expect(exitCode).toBe(1);
    expect(second.output).toContain(`The demo already runs on ${state}`);
  });

  it("npm run start:portal refuses the demo's sign-in", async () => {
    const config = path.join(directory, 'app-config.extra.yaml');
    await writeFile(config, 'auth:\n  providers:\n    demo: {}\n');

    const portal = Demo.start({
      script: 'scripts/start-portal.mjs',
      args: ['--config', config],
      env: {
        ...environment(),
        PORTAL_DATABASE_DIRECTORY: path.join(directory, 'db'),
      },
    });

    expect(await portal.exited).toBe(1);
    expect(portal.output).toContain(
      'loads only in the demo: demo.enabled is not true',
    );
  });
});

/** The processes whose environment names the state folder. */
async function listDemoProcesses(stateDirectory: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const environments = await Promise.all(
    pids.map(pid =>
      readFile(`/proc/${pid}/environ`, 'utf8').catch(() => undefined),
    ),
  );
  return pids.filter((_, index) =>
    environments[index]?.includes(stateDirectory),
  );
}
