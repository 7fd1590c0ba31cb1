import { symlink } from 'node:fs/promises';
import { ScriptResult } from '../simulators/vm';
import { commits, SIGNER, SIGNER_UNIT } from '../simulators/vm/pbx';
import { disturbances, disturbEverywhere, STEP } from './disturb';
import {
  lastLine,
  lookAtSigner,
  resetSigner,
  signer,
  startVmWorld,
  VmWorld,
} from './vmWorld';

jest.setTimeout(240_000);

describe('vm-release.sh, disturbed at every step', () => {
  let world: VmWorld;

  beforeAll(async () => {
    world = await startVmWorld();
  });

  afterAll(async () => {
    await world.stop();
  });

  function disturb(
    by: keyof typeof disturbances,
    first: number,
    prepare: () => Promise<void>,
    check: (result: ScriptResult) => Promise<void>,
  ): Promise<number[]> {
    const reset = async () => {
      await resetSigner(world);
      await prepare();
    };
    const run = () => world.release({ health_seconds: '0' });
    return disturbEverywhere(world.machine, { by, first, reset, run }, check);
  }

  const pushedIsBad = () => world.machine.setBad(SIGNER_UNIT, [commits.pushed]);

  /** Whatever the link leads to is whole, and is what was live or what was to be. */
  async function expectWhole(): Promise<void> {
    const { linked, releases } = await lookAtSigner(world);
    expect([commits.current, commits.pushed]).toContain(linked);
    expect(releases).toContain(linked);
    expect(await world.machine.exists(`${SIGNER}/current/app/main.py`)).toBe(
      true,
    );
  }

  it('is healed by the next run wherever the machine dies', async () => {
    // A run that died before has left half of the release.
    const half = `${SIGNER}/releases/${commits.pushed}`;
    const prepare = async () => {
      await world.machine.write(`${half}/.incomplete`, '');
      await world.machine.write(`${half}/app/half.py`, '');
    };

    const deaths = await disturb('death', 0, prepare, async () => {
      await expectWhole();
      await world.machine.clearChanges();

      const second = await world.release();

      expect(lastLine(second)).toBe(`deployed ${commits.pushed}`);
      expect(await lookAtSigner(world)).toEqual(signer.after);
      expect(await world.machine.list(`${half}/app`)).toEqual(['main.py']);
      expect((await world.machine.changes()).at(-1)).toContain('restart');
    });

    expect(await lookAtSigner(world)).toEqual(signer.after);
    expect(deaths.at(-1)).toBeGreaterThan(12 - STEP);
    process.stdout.write(`vm-release: ${deaths.length} kills forward\n`);
  });

  it('goes back in the end wherever the machine dies on the way back', async () => {
    const deaths = await disturb('death', 1, pushedIsBad, async () => {
      await expectWhole();
      await world.machine.clearChanges();

      const second = await world.release({ health_seconds: '0' });

      expect((await world.machine.changes()).at(-1)).toContain(
        `restart ${SIGNER_UNIT} ${commits.current}`,
      );
      expect(lastLine(second)).toBe(`rolled back to ${commits.current}`);
      expect(await lookAtSigner(world)).toEqual(signer.before);
    });

    expect(deaths.at(-1)).toBeGreaterThan(15 - STEP);
    process.stdout.write(`vm-release: ${deaths.length} kills backward\n`);
  });

  it('leaves what was live before wherever a command fails', async () => {
    const failures = await disturb(
      'failure',
      2,
      async () => {},
      async result => {
        const { exitCode } = result;
        const seen = await lookAtSigner(world);
        // A look that failed is repeated, and an old release that stays is no reason to go back.
        const wanted = exitCode === 0 ? signer.after : signer.before;
        expect(seen).toMatchObject({
          linked: wanted.linked,
          running: wanted.running,
        });
        expect(lastLine(result)).toMatch(
          exitCode === 0
            ? /^deployed /
            : /^(nothing changed: |rolled back to )/,
        );
        expect(seen.releases.join()).not.toContain('incomplete');

        const second = await world.release();

        expect(lastLine(second)).toBe(`deployed ${commits.pushed}`);
        expect(await lookAtSigner(world)).toEqual(signer.after);
      },
    );

    expect(failures.at(-1)).toBeGreaterThan(12 - STEP);
    process.stdout.write(`vm-release: ${failures.length} failures\n`);
  });

  it('never takes half of an archive for a release', async () => {
    await resetSigner(world);
    const tar = '/usr/local/bin/tar';
    await world.machine.remove(tar);
    await world.machine.write(
      tar,
      [
        '#!/bin/bash',
        '[[ $1 == -x ]] || exec /usr/bin/tar "$@"',
        '/usr/bin/mkdir "${@: -1}/app"',
        'echo half >"${@: -1}/app/main.py"',
        'echo 0 >"$SIM/die-after"',
        'source "$SIM/../usr/local/lib/before" tar',
      ].join('\n'),
      { mode: 0o755 },
    );

    await world.release();
    await world.machine.remove(tar);
    await symlink('wrapped', world.machine.path(tar));
    const died = await world.machine.hasDied();
    await world.machine.dieAfter(undefined);
    const { releases } = await lookAtSigner(world);
    await world.release();

    expect(died).toBe(true);
    expect(releases).toContain(`${commits.pushed} incomplete`);
    expect(await world.machine.read(`${SIGNER}/current/app/main.py`)).toBe(
      '# pushed\n',
    );
  });

  it("takes the portal's word for what works, once it came after a run that died", async () => {
    await resetSigner(world);
    await world.machine.dieAfter(11);
    await world.release();
    await world.machine.dieAfter(undefined);
    await world.machine.deploy(SIGNER_UNIT, commits.pushed);
    const [state] = await world.machine.list('/var/lib/backstage-deploy');
    await world.machine.write(
      `/var/lib/backstage-deploy/${state}/owners`,
      'operation-1 1\n',
      { ageSeconds: -5 },
    );
    await world.machine.addRelease(SIGNER, commits.gone);
    await world.machine.setBad(SIGNER_UNIT, [commits.gone]);

    const result = await world.release({ release: commits.gone });

    expect(await isUnfinished()).toBe(false);
    expect(lastLine(result)).toBe(`rolled back to ${commits.pushed}`);
  });

  async function isUnfinished(): Promise<boolean> {
    const [state] = await world.machine.list('/var/lib/backstage-deploy');
    return world.machine.exists(
      `/var/lib/backstage-deploy/${state}/unfinished`,
    );
  }
});
