import { waitFor } from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/waitFor';
import { TargetErrorKind } from '@vvp/backstage-plugin-deploy-node';
import { commits, KEY, SIGNER, SIGNER_UNIT } from '../simulators/vm/pbx';
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

describe('azure-vm: releases', () => {
  let world: AzureVmWorld;

  beforeEach(async () => {
    world = await startAzureVmWorld();
  });

  afterEach(async () => {
    await world.stop();
  });

  /** What runs and what the link says, past the code under test. */
  async function serving() {
    return {
      running: await world.machine.running(SIGNER_UNIT),
      linked: await world.machine.linked(SIGNER),
    };
  }

  it('tells releases newest first, with their commits and the one that serves', async () => {
    await world.machine.write(`${SIGNER}/releases/hotfix-1/.incomplete`, '', {
      ageSeconds: 0,
    });

    const revisions = await world.target.revisions(world.signer, signal);

    expect(revisions).toEqual([
      expect.objectContaining({
        id: 'hotfix-1',
        current: false,
        unavailable: expect.stringContaining('not extracted'),
      }),
      expect.objectContaining({
        id: commits.current,
        commit: commits.current,
        current: true,
        health: 'healthy',
      }),
      expect.objectContaining({ id: commits.previous, current: false }),
      expect.objectContaining({ id: commits.older, current: false }),
    ]);
    expect(revisions[0].commit).toBeUndefined();
  });

  it('tells more releases than one answer of a run-command holds', async () => {
    for (let index = 0; index < 80; index += 1) {
      await world.machine.addRelease(
        SIGNER,
        index.toString(16).padStart(40, '0'),
        400_000 + index,
      );
    }

    const revisions = await world.target.revisions(world.signer, signal);

    expect(new Set(revisions.map(({ id }) => id)).size).toBe(83);
    expect(revisions[82].id).toBe((79).toString(16).padStart(40, '0'));
  });

  it.each(['previous', 'older'] as const)(
    'puts the %s release back',
    async which => {
      const plan = await world.target.planRollback(
        world.signer,
        commits[which],
        signal,
      );

      await runPlan(world, world.signer, plan);

      expect(plan.from?.id).toBe(commits.current);
      expect(await serving()).toEqual({
        running: commits[which],
        linked: commits[which],
      });
      expect(
        await world.target.verify(world.signer, commits[which], signal),
      ).toEqual({
        serving: commits[which],
        inPlace: true,
        health: { state: 'healthy' },
      });
      expect(await world.machine.list(`${SIGNER}/releases`)).toEqual([
        commits.older,
        commits.previous,
        commits.current,
      ]);
    },
  );

  it('does nothing for the release that serves', async () => {
    const plan = await world.target.planRollback(
      world.signer,
      commits.current,
      signal,
    );

    expect(plan).toMatchObject({ alreadyThere: true, steps: [] });
    expect(await world.machine.changes()).toEqual([]);
  });

  it('restarts the release that serves but is not up', async () => {
    await world.machine.remove(`/sim/units/${SIGNER_UNIT}/running`);

    const plan = await world.target.planRollback(
      world.signer,
      commits.current,
      signal,
    );
    await runPlan(world, world.signer, plan);

    expect(plan.alreadyThere).toBe(false);
    expect((await serving()).running).toBe(commits.current);
  });

  it.each([
    ['one that is gone', commits.gone],
    ['one of another service', commits.foreign],
    ['a path', '../../sip-verify/releases/x'],
    ['a script', '$(touch /tmp/x)'],
    ['an option', '--help'],
    ['nothing', ''],
  ])('refuses %s before anything happens', async (_, revision) => {
    const plan = world.target.planRollback(world.signer, revision, signal);

    await expect(plan).rejects.toMatchObject({ kind: 'not-found' });
    expect(await world.machine.changes()).toEqual([]);
  });

  it('refuses a release that goes between plan and step', async () => {
    const plan = await world.target.planRollback(
      world.signer,
      commits.previous,
      signal,
    );
    await world.machine.remove(`${SIGNER}/releases/${commits.previous}`);

    const run = runPlan(world, world.signer, plan);

    await expect(run).rejects.toMatchObject({ kind: 'not-found' });
    expect((await serving()).running).toBe(commits.current);
    expect(await world.machine.changes()).toEqual([]);
  });

  it('restores what served when the release never comes up', async () => {
    await world.machine.setBad(SIGNER_UNIT, [commits.previous]);
    const plan = await world.target.planRollback(
      world.signer,
      commits.previous,
      signal,
    );
    const control = createControl();

    const run = runPlan(world, world.signer, plan, control);
    await expect(run).rejects.toMatchObject({
      kind: 'unhealthy',
      message: expect.stringContaining('Nothing listens on UDP port 5070'),
    });
    await undoPlan(world, world.signer, plan, control);

    expect(await serving()).toEqual({
      running: commits.current,
      linked: commits.current,
    });
    expect(control.lines).toContain(`${commits.current} is in place again.`);
  });

  it('reports and undoes a unit that systemd cannot restart', async () => {
    await world.machine.write(`/sim/units/${SIGNER_UNIT}/refuses`, '');
    const plan = await world.target.planRollback(
      world.signer,
      commits.previous,
      signal,
    );

    const run = runPlan(world, world.signer, plan);

    await expect(run).rejects.toMatchObject({
      kind: 'unhealthy',
      message: expect.stringContaining('Job for vvp-sip-redirect.service'),
    });
    await world.machine.remove(`/sim/units/${SIGNER_UNIT}/refuses`);
    await undoPlan(world, world.signer, plan);
    expect(await serving()).toEqual({
      running: commits.current,
      linked: commits.current,
    });
  });

  it('puts the release back again after a pipeline took it out', async () => {
    const plan = await world.target.planRollback(
      world.signer,
      commits.previous,
      signal,
    );
    const control = createControl();
    await runPlan(world, world.signer, plan, control);
    await world.machine.addRelease(SIGNER, commits.pushed);
    await world.machine.deploy(SIGNER_UNIT, commits.pushed);

    await runPlan(world, world.signer, plan, control);

    expect(await serving()).toEqual({
      running: commits.previous,
      linked: commits.previous,
    });
  });

  it('leaves what a pipeline brought when it undoes its steps', async () => {
    const plan = await world.target.planRollback(
      world.signer,
      commits.previous,
      signal,
    );
    const control = createControl();
    await runPlan(world, world.signer, plan, control);
    await world.machine.addRelease(SIGNER, commits.pushed);
    await world.machine.deploy(SIGNER_UNIT, commits.pushed);

    await undoPlan(world, world.signer, plan, control);

    expect((await serving()).linked).toBe(commits.pushed);
    expect(control.lines.join()).toContain('Something else was put in place');
  });

  it('restarts once, however often the step is run', async () => {
    const plan = await world.target.planRestart!(world.signer, signal);

    await runPlan(world, world.signer, plan);
    await runPlan(world, world.signer, plan, createControl({ fence: 2 }));

    expect(await world.machine.changes()).toEqual([
      expect.stringMatching(`restart ${SIGNER_UNIT} ${commits.current}$`),
    ]);
  });

  it('reads the key on the machine and tells it nobody', async () => {
    await world.machine.write(
      `/sim/units/${SIGNER_UNIT}/journal`,
      `request with ${KEY} from 203.0.113.7\n`,
    );

    const diagnostics = await world.target.diagnostics(world.signer, signal);

    expect(diagnostics.health).toEqual({ state: 'healthy' });
    expect(diagnostics.logs[0]).toEqual({
      source: 'journalctl',
      lines: ['request with *** from 203.0.113.7'],
    });
    expect(JSON.stringify(diagnostics)).not.toContain('status-key');
    const scripts = world.virtualMachine.runs.map(({ script }) => script);
    expect(scripts.join()).not.toContain('status-key');
  });

  it('says when a log is cut', async () => {
    const lines = Array.from(
      { length: 100 },
      (_, index) => `line ${index} ${Math.sin(index)} ${Math.cos(index)}`,
    );
    await world.machine.write(
      `/sim/units/${SIGNER_UNIT}/journal`,
      lines.join('\n'),
    );

    const diagnostics = await world.target.diagnostics(world.signer, signal);

    expect(diagnostics.logs[0].lines.at(-1)).toBe(lines[99]);
    expect(diagnostics.logs[0].lines.length).toBeLessThan(100);
    expect(diagnostics.problems).toEqual([
      expect.stringContaining('only the last lines'),
    ]);
  });

  it.each<[string, () => Promise<void> | void, TargetErrorKind]>([
    [
      'permission is denied',
      () => {
        world.azure.faults.denyChanges = true;
      },
      'denied',
    ],
    [
      'credentials are no longer taken',
      () => {
        world.azure.faults.rejectCredentials = true;
      },
      'credentials',
    ],
    [
      'Azure throttles',
      () => {
        world.azure.faults.throttle = 100;
      },
      'transient',
    ],
    [
      'the connection is cut after the change',
      () => {
        world.azure.faults.cutChanges = 1;
      },
      'transient',
    ],
    [
      'the machine is deallocated',
      () => {
        world.virtualMachine.power = 'deallocated';
      },
      'unhealthy',
    ],
    [
      'the agent is not ready',
      () => {
        world.virtualMachine.agentReady = false;
      },
      'transient',
    ],
    [
      'another run-command is under way',
      () => {
        world.virtualMachine.runs.push({ script: '', startedAt: 0 });
      },
      'busy',
    ],
    [
      'the disk is full',
      async () => {
        await world.machine.fillDisk(true);
      },
      'invalid',
    ],
  ])('fails in a known way when %s', async (_, breakIt, kind) => {
    const plan = await world.target.planRollback(
      world.signer,
      commits.previous,
      signal,
    );
    await breakIt();

    const step = world.target.executeStep(
      world.signer,
      plan.steps[0],
      createControl(),
    );

    await expect(step).rejects.toMatchObject({ kind });
  });

  it.each([
    [
      'asks nothing of Azure to undo what Azure refused',
      () => {
        world.azure.faults.denyChanges = true;
      },
      0,
    ],
    [
      'asks the machine to undo what it may have done',
      () => {
        world.virtualMachine.agentReady = false;
      },
      1,
    ],
  ])('%s', async (_, breakIt, scripts) => {
    const plan = await world.target.planRollback(
      world.signer,
      commits.previous,
      signal,
    );
    const [first] = plan.steps;
    const control = createControl();
    await breakIt();
    const step = world.target.executeStep(world.signer, first, control);
    await expect(step).rejects.toThrow();
    world.virtualMachine.agentReady = true;
    const before = world.virtualMachine.runs.length;

    await world.target.compensateStep(world.signer, first, control);

    expect(world.virtualMachine.runs).toHaveLength(before + scripts);
    expect(control.lines).toEqual([
      'Nothing was changed: there is nothing to undo.',
    ]);
    expect((await serving()).running).toBe(commits.current);
  });

  it('goes on after a cut connection where it was left', async () => {
    const plan = await world.target.planRollback(
      world.signer,
      commits.previous,
      signal,
    );
    world.azure.faults.cutChanges = 1;
    const [first] = plan.steps;
    const cut = world.target.executeStep(world.signer, first, createControl());
    await expect(cut).rejects.toMatchObject({ kind: 'transient' });
    // Azure goes on with what it took, and takes nothing else meanwhile.
    await waitFor(() =>
      world.virtualMachine.runs.every(run => run.finishedAt !== undefined),
    );

    await runPlan(
      world,
      world.signer,
      plan,
      createControl({ fence: 2, attempt: 2 }),
    );

    expect((await serving()).running).toBe(commits.previous);
    expect(await world.machine.changes()).toHaveLength(1);
  });

  it('says that a machine is deallocated, and that there is room to make on a full disk', async () => {
    const plan = await world.target.planRollback(
      world.signer,
      commits.previous,
      signal,
    );
    await world.machine.fillDisk(true);
    const full = world.target.executeStep(
      world.signer,
      plan.steps[0],
      createControl(),
    );
    await expect(full).rejects.toMatchObject({
      message: expect.stringContaining('No space left on device'),
      remedy: expect.stringContaining('Make room'),
    });
    world.virtualMachine.power = 'deallocated';

    const health = world.target.health(world.signer, signal);

    await expect(health).rejects.toMatchObject({
      message: 'The virtual machine vvp-pbx is deallocated.',
    });
    expect(await world.target.diagnostics(world.signer, signal)).toMatchObject({
      health: { state: 'unknown' },
      facts: [{ label: 'Power', value: 'deallocated' }, expect.anything()],
      problems: [expect.stringContaining('Start it')],
    });
    expect((await serving()).linked).toBe(commits.current);
  });

  it.each([
    ['a machine that is not there', { name: 'vvp-none' }, 'not-found'],
    [
      'a directory that is not there',
      { release: { directory: '/opt/none', unit: SIGNER_UNIT } },
      'not-found',
    ],
  ])('tells of %s', async (_, spec, kind) => {
    const environment = environmentOf('vvp-sip-redirect', {
      ...(world.signer.target as {}),
      health: undefined,
      ...spec,
    });

    const revisions = world.target.revisions(environment, signal);

    await expect(revisions).rejects.toMatchObject({ kind });
  });
});
