import { Fate, Invocation } from '../simulators/compose-host';
import { commits, ComposeWorld, imagesOf, runningOf } from './composeWorld';

jest.setTimeout(240_000);

const ROLLED_BACK = 'Rolled back: what ran before runs again.';
const OF_PUSHED = `backend-of-${commits.pushed[0]}`;

describe('the scripts for docker compose', () => {
  let world: ComposeWorld;
  let before: Record<string, string>;

  beforeEach(async () => {
    world = await ComposeWorld.start();
    await world.furnish();
    before = await world.files();
  });

  afterEach(async () => {
    await world.stop();
  });

  /** What ran before runs, by the files that were there before, and nothing is left of what came. */
  async function expectAsBefore(): Promise<void> {
    expect(world.host.docker.running).toEqual(runningOf(commits.current));
    expect(await world.files()).toEqual(before);
    expect(await world.leftovers()).toEqual([]);
  }

  async function expectHealed(): Promise<void> {
    world.host.fate = () => undefined;
    world.host.interrupt = undefined;
    world.host.docker.behaviours.clear();
    const { code, output } = await world.run('deploy', {
      GITHUB_RUN_ATTEMPT: '2',
    });
    expect(output).toContain(`${commits.pushed} serves.`);
    expect(code).toBe(0);
    expect(world.host.docker.running).toEqual(runningOf(commits.pushed));
  }

  const failing = (name: string, from = 1, times = Infinity) => {
    let seen = 0;
    world.host.fate = (invocation): Fate => {
      seen += invocation.name === name ? 1 : 0;
      return invocation.name === name && seen >= from && seen < from + times
        ? 'failed'
        : undefined;
    };
  };

  describe('killed', () => {
    let seen = 0;
    const at =
      (name: string, moment: 'before' | 'after', count = 1) =>
      (invocation: Invocation, when: string) => {
        if (invocation.name === name && when === moment) {
          seen += 1;
          if (seen === count) {
            // What was asked for too late is not done.
            world.host.fate = () =>
              moment === 'before' ? 'failed' : undefined;
            world.kill();
          }
        }
      };

    beforeEach(() => {
      seen = 0;
    });

    it.each([
      ['docker pull', 'after'],
      ['docker compose stop', 'before'],
      ['docker compose stop', 'after'],
      ['docker compose up', 'after'],
      ['ssh keep', 'before'],
    ] as const)(
      'at %s (%s it), are done by a second run',
      async (name, moment) => {
        world.host.interrupt = at(name, moment);
        expect((await world.run('deploy')).code).toBeNull();

        await expectHealed();
        expect(await world.leftovers()).toEqual(
          // Of the run that nobody could tidy up after; the next deployment but one does.
          expect.not.arrayContaining([expect.stringMatching(/before/)]),
        );
      },
    );

    it.each([
      ['docker login', 'after'],
      ['docker compose stop', 'after'],
      ['docker compose up', 'after'],
      ['docker inspect', 'before'],
      ['ssh keep', 'before'],
    ] as const)(
      'at %s (%s it), are undone by a second run that fails, too',
      async (name, moment) => {
        world.host.interrupt = at(name, moment);
        expect((await world.run('deploy')).code).toBeNull();
        world.host.fate = () => undefined;
        world.host.interrupt = undefined;
        // The second run brings something that does not work: what ran before the first one is what it goes back to.
        world.host.docker.behaviours.set(`backend-of-${commits.next[0]}`, {
          status: 'exited',
          exitCode: 1,
        });

        const { output } = await world.run('deploy', {
          GITHUB_RUN_ID: '8',
          IMAGES: imagesOf(commits.next),
          RELEASE: commits.next,
        });

        expect(output).toContain(ROLLED_BACK);
        expect(world.host.docker.running).toEqual(runningOf(commits.current));
        expect(await world.files()).toEqual(before);
      },
    );

    it('while going back, go back in a second run', async () => {
      world.answers = backend => backend !== OF_PUSHED;
      world.host.interrupt = at('docker compose up', 'before', 2);
      expect((await world.run('deploy')).code).toBeNull();
      world.host.fate = () => undefined;
      world.host.interrupt = undefined;

      expect((await world.run('deploy')).output).toContain(ROLLED_BACK);
      expect(world.host.docker.running).toEqual(runningOf(commits.current));
    });

    it('by whoever cancelled the run, are taken back by its next step', async () => {
      world.host.interrupt = at('docker compose up', 'after');
      expect((await world.run('deploy')).code).toBeNull();
      world.host.interrupt = undefined;

      const { code, output } = await world.run('back');

      expect(output).toContain(ROLLED_BACK);
      expect(code).toBe(1);
      await expectAsBefore();
    });

    it('and taken over by another run, leave everything to that', async () => {
      world.host.interrupt = at('docker compose up', 'after');
      expect((await world.run('deploy')).code).toBeNull();
      world.host.interrupt = undefined;
      world.host.docker.behaviours.clear();
      failing('ssh keep');
      failing('ssh back');
      await world.run('deploy', { GITHUB_RUN_ID: '8', VERIFY_STATUSES: '418' });
      world.host.fate = () => undefined;

      const { code, output } = await world.run('back');

      expect(output).toContain('another deployment has taken over');
      expect(code).toBe(1);
    });
  });
});
