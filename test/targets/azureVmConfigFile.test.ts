import { symlink } from 'node:fs/promises';
import { BACKUPS, backups, DIALPLAN, dialplanOf } from '../simulators/vm/pbx';
import {
  AzureVmWorld,
  createControl,
  environmentOf,
  runPlan,
  startAzureVmWorld,
  undoPlan,
} from './azureVmWorld';

jest.setTimeout(240_000);

const { signal } = new AbortController();

describe('azure-vm: a configuration file', () => {
  let world: AzureVmWorld;

  beforeEach(async () => {
    world = await startAzureVmWorld();
  });

  afterEach(async () => {
    await world.stop();
  });

  it('tells backups newest first, and which one is live', async () => {
    const revisions = await world.target.revisions(world.dialplan, signal);

    expect(revisions).toEqual([
      expect.objectContaining({
        id: backups.current,
        current: true,
        health: 'healthy',
      }),
      expect.objectContaining({ id: backups.previous, current: false }),
      expect.objectContaining({ id: backups.older, current: false }),
    ]);
  });

  it('tells the live file where no backup holds the same', async () => {
    await world.machine.write(DIALPLAN, 'edited by hand');

    const [live, ...rest] = await world.target.revisions(
      world.dialplan,
      signal,
    );

    expect(live).toMatchObject({
      id: expect.stringMatching(/^live@[0-9a-f]{12}$/),
      current: true,
      unavailable: expect.stringContaining('no backup'),
    });
    expect(rest.every(({ current }) => !current)).toBe(true);
  });

  it.each(['previous', 'older'] as const)(
    'puts the %s backup in place, with owner and mode',
    async which => {
      const plan = await world.target.planRollback(
        world.dialplan,
        backups[which],
        signal,
      );

      await runPlan(world, world.dialplan, plan);

      expect(await world.machine.read(DIALPLAN)).toBe(
        dialplanOf(backups[which]),
      );
      expect(await world.machine.loaded()).toBe(dialplanOf(backups[which]));
      expect(await world.machine.owner(DIALPLAN)).toBe('640 33:33');
      expect(
        await world.target.verify(world.dialplan, backups[which], signal),
      ).toMatchObject({ inPlace: true, serving: backups[which] });
    },
  );

  it('does nothing for the backup that is live', async () => {
    const plan = await world.target.planRollback(
      world.dialplan,
      backups.current,
      signal,
    );

    expect(plan).toMatchObject({ alreadyThere: true, steps: [] });
    expect(await world.machine.changes()).toEqual([]);
  });

  it('backs up a live file that has no backup, once, and keeps all others', async () => {
    await world.machine.write(DIALPLAN, 'edited by hand', { mode: 0o600 });
    const plan = await world.target.planRollback(
      world.dialplan,
      backups.previous,
      signal,
    );

    await runPlan(world, world.dialplan, plan);
    await runPlan(world, world.dialplan, plan, createControl({ fence: 2 }));

    const names = await world.machine.list(BACKUPS);
    const added = names.filter(
      name => !(Object.values(backups) as string[]).includes(name),
    );
    expect(added).toEqual([
      expect.stringMatching(/^public\.xml\.\d{8}T\d{6}Z$/),
    ]);
    expect(names).toHaveLength(5);
    expect(await world.machine.read(`${BACKUPS}/${added[0]}`)).toBe(
      'edited by hand',
    );
    expect(await world.machine.owner(`${BACKUPS}/${added[0]}`)).toBe('600 0:0');
  });

  it.each([
    ['one that is gone', backups.gone],
    ['one of another file', backups.foreign],
    ['a path', '../public.xml.1'],
    ['the live file', 'live@0123456789ab'],
  ])('refuses %s before anything happens', async (_, revision) => {
    const plan = world.target.planRollback(world.dialplan, revision, signal);

    await expect(plan).rejects.toMatchObject({ kind: 'not-found' });
    expect(await world.machine.changes()).toEqual([]);
  });

  it('refuses a backup that is a link to another file', async () => {
    const name = 'public.xml.20260208-000000';
    await symlink('/etc/passwd', world.machine.path(`${BACKUPS}/${name}`));

    const plan = world.target.planRollback(world.dialplan, name, signal);

    await expect(plan).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('refuses a backup that changed after the plan', async () => {
    const plan = await world.target.planRollback(
      world.dialplan,
      backups.previous,
      signal,
    );
    await world.machine.write(`${BACKUPS}/${backups.previous}`, 'other');

    const run = runPlan(world, world.dialplan, plan);

    await expect(run).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('has changed'),
    });
    expect(await world.machine.read(DIALPLAN)).toBe(
      dialplanOf(backups.current),
    );
  });

  it('restores file and FreeSWITCH when it does not take the backup', async () => {
    await world.machine.setBadFiles([dialplanOf(backups.previous)]);
    const plan = await world.target.planRollback(
      world.dialplan,
      backups.previous,
      signal,
    );
    const control = createControl();

    const run = runPlan(world, world.dialplan, plan, control);
    await expect(run).rejects.toMatchObject({
      kind: 'unhealthy',
      message: expect.stringContaining('-ERR [[error near line 1]'),
    });
    await undoPlan(world, world.dialplan, plan, control);

    expect(await world.machine.read(DIALPLAN)).toBe(
      dialplanOf(backups.current),
    );
    expect(await world.machine.loaded()).toBe(dialplanOf(backups.current));
    expect(await world.machine.owner(DIALPLAN)).toBe('640 33:33');
  });

  it('leaves what a pipeline brought when it undoes its steps', async () => {
    const plan = await world.target.planRollback(
      world.dialplan,
      backups.previous,
      signal,
    );
    const control = createControl();
    await runPlan(world, world.dialplan, plan, control);
    await world.machine.write(DIALPLAN, 'from a pipeline');

    await undoPlan(world, world.dialplan, plan, control);

    expect(await world.machine.read(DIALPLAN)).toBe('from a pipeline');
  });

  it('says that FreeSWITCH is down', async () => {
    await world.machine.write('/sim/freeswitch/down', '');

    const diagnostics = await world.target.diagnostics(world.dialplan, signal);

    expect(diagnostics.health).toEqual({
      state: 'unhealthy',
      reason: 'FreeSWITCH does not answer fs_cli.',
    });
    expect(diagnostics.logs).toEqual([
      {
        source: 'fs_cli -x status',
        lines: [expect.stringContaining('Error Connecting')],
      },
    ]);
  });

  it('needs no FreeSWITCH for a file that nothing reads again', async () => {
    const environment = environmentOf('motd', {
      configFile: {
        source: 'motd',
        path: DIALPLAN,
        backupDirectory: BACKUPS,
      },
    });
    const plan = await world.target.planRollback(
      environment,
      backups.older,
      signal,
    );

    await runPlan(world, environment, plan);

    expect(world.target.describe(environment).canRestart).toBe(false);
    expect(await world.machine.read(DIALPLAN)).toBe(dialplanOf(backups.older));
    expect(await world.machine.changes()).toEqual([]);
    expect(
      await world.target.verify(environment, backups.older, signal),
    ).toMatchObject({ inPlace: true, health: { state: 'unknown' } });
  });
});
