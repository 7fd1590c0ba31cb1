import {
  TargetEnvironment,
  TargetPlan,
} from '@vvp/backstage-plugin-deploy-node';
import {
  BACKUPS,
  backups,
  commits,
  DIALPLAN,
  dialplanOf,
  SIGNER,
  SIGNER_UNIT,
  VERIFIER_UNIT,
} from '../simulators/vm/pbx';
import {
  AzureVmWorld,
  createControl,
  runPlan,
  startAzureVmWorld,
  undoPlan,
} from './azureVmWorld';

jest.setTimeout(300_000);

const { signal } = new AbortController();

/** More commands than any script has. */
const MOST_COMMANDS = 60;

describe('azure-vm: crashes, fences and turns', () => {
  let world: AzureVmWorld;

  beforeEach(async () => {
    world = await startAzureVmWorld();
  });

  afterEach(async () => {
    await world.stop();
  });

  /**
   * Lets the machine die before the first, the second, ... command that changes something, until the work
   * gets to its end; checks after each death. Returns how often it died.
   */
  async function dieEverywhere(
    prepare: () => Promise<TargetPlan>,
    work: (plan: TargetPlan, operationId: string) => Promise<void>,
    check: (plan: TargetPlan, operationId: string) => Promise<void>,
  ): Promise<number> {
    for (let commands = 0; commands < MOST_COMMANDS; commands += 1) {
      const operationId = `operation-${commands}`;
      const plan = await prepare();
      await world.machine.dieAfter(commands);
      const error = await work(plan, operationId).then(
        () => undefined,
        cause => cause,
      );
      const died = await world.machine.hasDied();
      await world.machine.dieAfter(undefined);
      if (!died) {
        expect(error).toBeUndefined();
        return commands;
      }
      expect(error).toMatchObject({ kind: 'transient' });
      await check(plan, operationId);
    }
    throw new Error('It never got to its end.');
  }

  const release = {
    environment: () => world.signer,
    async prepare() {
      await world.machine.deploy(SIGNER_UNIT, commits.current);
      return world.target.planRollback(world.signer, commits.previous, signal);
    },
    see: async () => ({
      running: await world.machine.running(SIGNER_UNIT),
      linked: await world.machine.linked(SIGNER),
      releases: (await world.machine.list(`${SIGNER}/releases`)).length,
    }),
    wanted: (name: 'current' | 'previous') => ({
      running: commits[name],
      linked: commits[name],
      releases: 3,
    }),
  };

  const configFile = {
    environment: () => world.dialplan,
    async prepare() {
      await world.machine.write(DIALPLAN, dialplanOf(backups.current));
      await world.machine.write(
        '/sim/freeswitch/loaded',
        dialplanOf(backups.current),
      );
      return world.target.planRollback(
        world.dialplan,
        backups.previous,
        signal,
      );
    },
    see: async () => ({
      live: await world.machine.read(DIALPLAN),
      loaded: await world.machine.loaded(),
      backups: (await world.machine.list(BACKUPS)).length,
    }),
    wanted: (name: 'current' | 'previous') => ({
      live: dialplanOf(backups[name]),
      loaded: dialplanOf(backups[name]),
      backups: 4,
    }),
  };

  const variants = [
    ['a release', release],
    ['a configuration file', configFile],
  ] as const;

  async function switchOnly(
    environment: TargetEnvironment,
    plan: TargetPlan,
    operationId: string,
    fence: number,
  ): Promise<void> {
    await world.target.executeStep(
      environment,
      plan.steps[0],
      createControl({ operationId, fence }),
    );
  }

  it.each(variants)(
    'is in place in the end wherever the machine dies while it puts %s back',
    async (name, variant) => {
      const environment = variant.environment();

      const deaths = await dieEverywhere(
        variant.prepare,
        (plan, operationId) => switchOnly(environment, plan, operationId, 1),
        async (plan, operationId) => {
          await runPlan(
            world,
            environment,
            plan,
            createControl({ operationId, fence: 2 }),
          );
          expect(await variant.see()).toEqual(variant.wanted('previous'));
        },
      );

      expect(deaths).toBeGreaterThan(5);
      process.stdout.write(`azure-vm: ${name}: ${deaths} kills forward\n`);
    },
  );

  it.each(variants)(
    'is as before in the end wherever the machine dies while it puts %s back and is then undone',
    async (_, variant) => {
      const environment = variant.environment();

      const deaths = await dieEverywhere(
        variant.prepare,
        (plan, operationId) => switchOnly(environment, plan, operationId, 1),
        async (plan, operationId) => {
          await undoPlan(
            world,
            environment,
            plan,
            createControl({ operationId, fence: 2 }),
          );
          expect(await variant.see()).toEqual(variant.wanted('current'));
        },
      );

      expect(deaths).toBeGreaterThan(5);
    },
  );

  it.each(variants)(
    'is as before in the end wherever the machine dies while undoing %s',
    async (name, variant) => {
      const environment = variant.environment();
      let prepared = 0;

      const deaths = await dieEverywhere(
        async () => {
          const plan = await variant.prepare();
          await switchOnly(environment, plan, `operation-${prepared}`, 1);
          prepared += 1;
          return plan;
        },
        (plan, operationId) =>
          undoPlan(
            world,
            environment,
            plan,
            createControl({ operationId, fence: 2 }),
          ),
        async (plan, operationId) => {
          await undoPlan(
            world,
            environment,
            plan,
            createControl({ operationId, fence: 3 }),
          );
          expect(await variant.see()).toEqual(variant.wanted('current'));
        },
      );

      expect(deaths).toBeGreaterThan(5);
      process.stdout.write(`azure-vm: ${name}: ${deaths} kills backward\n`);
    },
  );

  it.each([
    ['a process that lost the operation', { fence: 1 }, { fence: 2 }],
    [
      'an operation that another one followed',
      { operationId: 'first' },
      { operationId: 'second' },
    ],
  ])('refuses a late script of %s', async (_, late, newer) => {
    const older = await world.target.planRollback(
      world.signer,
      commits.older,
      signal,
    );
    const plan = await world.target.planRollback(
      world.signer,
      commits.previous,
      signal,
    );
    await runPlan(world, world.signer, older, createControl(late));
    await runPlan(world, world.signer, plan, createControl(newer));

    const run = runPlan(world, world.signer, older, createControl(late));

    await expect(run).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('taken this operation over'),
    });
    expect(await world.machine.running(SIGNER_UNIT)).toBe(commits.previous);
  });

  it('refuses a step that arrives after it was undone', async () => {
    const plan = await release.prepare();
    await undoPlan(world, world.signer, plan);

    const run = runPlan(world, world.signer, plan);

    await expect(run).rejects.toMatchObject({
      message: expect.stringContaining('undone already'),
    });
    expect(await release.see()).toEqual(release.wanted('current'));
  });

  it('runs two services of one machine one after the other', async () => {
    world.virtualMachine.latencyMs = 50;
    const signer = await world.target.planRollback(
      world.signer,
      commits.previous,
      signal,
    );
    const verifier = await world.target.planRollback(
      world.verifier,
      commits.foreign,
      signal,
    );

    await Promise.all([
      runPlan(world, world.signer, signer, createControl()),
      runPlan(
        world,
        world.verifier,
        verifier,
        createControl({ operationId: 'operation-2' }),
      ),
    ]);

    expect(world.target.describe(world.signer).lockKey).toBe(
      world.target.describe(world.verifier).lockKey,
    );
    expect(await world.machine.running(SIGNER_UNIT)).toBe(commits.previous);
    expect(await world.machine.running(VERIFIER_UNIT)).toBe(commits.foreign);
    const { runs } = world.virtualMachine;
    expect(runs).toHaveLength(6);
    runs.slice(1).forEach((run, index) => {
      expect(run.startedAt).toBeGreaterThanOrEqual(
        runs[index].finishedAt ?? Infinity,
      );
    });
  });

  it("waits with reading for somebody else's run-command, and lets steps wait their turn", async () => {
    const plan = await release.prepare();
    const foreign = { script: 'sleep 1', startedAt: Date.now() };
    world.virtualMachine.runs.push(foreign);
    const step = world.target.executeStep(
      world.signer,
      plan.steps[0],
      createControl(),
    );
    await expect(step).rejects.toMatchObject({ kind: 'busy' });
    const health = world.target.health(world.signer, signal);
    await untilConflict(world);

    Object.assign(foreign, { finishedAt: Date.now() });

    expect(await health).toEqual({ state: 'healthy' });
  });
});

/** Until a second request was refused with 409. */
async function untilConflict({ azure }: AzureVmWorld): Promise<void> {
  const count = () =>
    azure.requests().filter(({ status }) => status === 409).length;
  while (count() < 2) {
    await new Promise(resolve => {
      setTimeout(resolve, 10);
    });
  }
}
