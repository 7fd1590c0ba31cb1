import { ScriptResult } from '../simulators/vm';
import { dialplanOf } from '../simulators/vm/pbx';
import { disturbances, disturbEverywhere, STEP } from './disturb';
import {
  after,
  before,
  BROKEN,
  NEW,
  VmConfigFileWorld,
} from './vmConfigFileWorld';
import { lastLine } from './vmWorld';

jest.setTimeout(240_000);

describe('vm-config-file.sh, disturbed at every step', () => {
  let world: VmConfigFileWorld;

  beforeAll(async () => {
    world = await VmConfigFileWorld.start();
  });

  afterAll(() => world.stop());

  function disturb(
    by: keyof typeof disturbances,
    first: number,
    text: string,
    check: (result: ScriptResult) => Promise<void>,
  ): Promise<number[]> {
    const how = {
      by,
      first,
      reset: () => world.reset(),
      run: () => world.send(text),
    };
    return disturbEverywhere(world.machine, how, check);
  }

  it('is healed by the next run wherever the machine dies', async () => {
    const deaths = await disturb('death', 0, NEW, async () => {
      expect([dialplanOf('live'), NEW]).toContain((await world.look()).live);

      const second = await world.send(NEW);

      expect(lastLine(second)).toMatch(/^(deployed|already there)/);
      expect(await world.look()).toEqual(after);
    });

    expect(deaths.at(-1)).toBeGreaterThan(10 - STEP);
    process.stdout.write(`vm-config-file: ${deaths.length} kills forward\n`);
  });

  it('brings back what was there wherever the machine dies on the way back', async () => {
    const deaths = await disturb('death', 1, BROKEN, async () => {
      const second = await world.send(BROKEN);

      expect(lastLine(second)).toMatch(/^restored: /);
      expect(await world.look()).toEqual({
        ...before,
        copies: [dialplanOf('live')],
      });
    });

    expect(deaths.at(-1)).toBeGreaterThan(15 - STEP);
    process.stdout.write(`vm-config-file: ${deaths.length} kills backward\n`);
  });

  it('leaves what was there wherever a command fails', async () => {
    const failures = await disturb(
      'failure',
      2,
      NEW,
      async ({ exitCode, stdout }) => {
        const seen = await world.look();
        expect(seen).toMatchObject(exitCode === 0 ? after : before);
        expect(stdout).toMatch(
          exitCode === 0 ? /deployed / : /(nothing changed|restored): /,
        );

        await world.send(NEW);

        expect(await world.look()).toEqual(after);
      },
    );

    expect(failures.at(-1)).toBeGreaterThan(10 - STEP);
    process.stdout.write(`vm-config-file: ${failures.length} failures\n`);
  });
});
