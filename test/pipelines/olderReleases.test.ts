import { CommitHistory, NEWER, NOW, OLDER } from './commitHistory';
import { Ended, Place, places } from './olderWorlds';

jest.setTimeout(240_000);

/** The scripts that deploy, each where it deploys to, beside a GitHub that compares commits. */
describe.each(Object.entries(places))('%s', (_, start) => {
  let history: CommitHistory;
  let place: Place;

  beforeAll(async () => {
    history = await CommitHistory.start();
    place = await start();
  });

  afterAll(async () => {
    await place.stop();
    await history.stop();
  });

  const deploy = (
    commit: string,
    more: Record<string, string> = {},
  ): Promise<Ended> =>
    place.deploy(commit, { ...history.environment(commit), ...more });

  const BY_HAND = { FORCED: 'true', GITHUB_RUN_ATTEMPT: '1' };

  async function run(commit: string): Promise<void> {
    if (!(await place.running()).includes(commit)) {
      expect(await deploy(commit, BY_HAND)).toMatchObject({ code: 0 });
    }
  }

  it('first of all takes a commit in the place of what tells none that is known', async () => {
    const { code, output } = await deploy(NOW);

    expect(output).toContain('::warning::');
    expect(code).toBe(0);
    expect(await place.running()).toContain(NOW);
  });

  it('takes no older one, and is left as it is', async () => {
    await run(NOW);
    const before = [await place.running(), await place.changes()];

    const { code, output } = await deploy(OLDER);

    expect(output).toContain(
      `::error title=Older than what runs::${OLDER} is older than ${NOW}, which runs there: it is not deployed`,
    );
    expect(output).toContain('use rollback.yml');
    expect(output).not.toMatch(/roll(ed|ing) back|going back|still broken/i);
    expect(code).toBe(1);
    expect([await place.running(), await place.changes()]).toEqual(before);
  });

  it('takes the same one again, and then a newer one', async () => {
    await run(NOW);

    for (const commit of [NOW, NEWER]) {
      const { code, output } = await deploy(commit);

      expect(output).not.toMatch(/::(warning|error)/);
      expect(code).toBe(0);
      expect(await place.running()).toContain(commit);
    }
  });

  it('takes an older one from whoever starts it by hand, and from nobody who only runs it again', async () => {
    await run(NOW);

    const again = await deploy(OLDER, { ...BY_HAND, GITHUB_RUN_ATTEMPT: '2' });

    expect(again.output).toContain('Older than what runs');
    expect(again.code).toBe(1);
    expect(await place.running()).toContain(NOW);

    const { code, output } = await deploy(OLDER, BY_HAND);

    expect(output).toContain(`::warning::${OLDER} is older than ${NOW}`);
    expect(code).toBe(0);
    expect(await place.running()).toContain(OLDER);
  });
});
