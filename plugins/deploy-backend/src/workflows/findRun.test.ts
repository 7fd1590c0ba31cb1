import { RunAnswer } from './answers';
import { findRun, SoughtRun } from './findRun';

const run = (id: number, facts: Partial<RunAnswer> = {}): RunAnswer => ({
  id,
  name: 'Deploy',
  event: 'workflow_dispatch',
  status: 'queued',
  conclusion: undefined,
  head_sha: 'a'.repeat(40),
  head_branch: 'main',
  html_url: undefined,
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
  actor: { login: 'portal', type: 'User' },
  ...facts,
});

const sought: SoughtRun = {
  since: '2026-01-05T08:59:00.000Z',
  known: [1],
  ref: 'refs/heads/main',
  login: 'portal',
};

describe('findRun', () => {
  it('finds the one that fits', () => {
    const found = findRun([run(2), run(1)], sought);

    expect(found).toEqual({ state: 'found', run: run(2) });
  });

  it.each([
    ['is of another event', { event: 'push' }],
    ['was made before', { created_at: '2026-01-05T08:58:59.000Z' }],
    ['is on another branch', { head_branch: 'other' }],
    ["is somebody else's", { actor: { login: 'dana', type: 'User' } }],
  ])('does not take one that %s', (_name, facts) => {
    expect(findRun([run(2, facts)], sought)).toEqual({ state: 'none' });
  });

  it('does not guess between two', () => {
    expect(findRun([run(2), run(3)], sought)).toMatchObject({
      state: 'several',
    });
  });

  it.each([
    ['Bot', 'found'],
    ['User', 'none'],
  ])('takes one of a %s for an app: %s', (type, state) => {
    const { login, ...byApp } = sought;

    const found = findRun([run(2, { actor: { login: 'x', type } })], byApp);

    expect(found.state).toBe(state);
  });

  describe('where the title tells', () => {
    const titled = { display_title: 'Deploy op-1/run' };
    const byTitle = { ...sought, correlation: 'op-1/run' };
    const dana = { login: 'dana', type: 'User' };

    it('goes by that, and by who dispatched it', () => {
      const runs = [
        run(4, { display_title: 'Deploy op-2/run' }),
        run(3, { ...titled, head_branch: 'moved' }),
        run(2, { ...titled, actor: dana }),
      ];

      const found = findRun(runs, byTitle);

      expect(found).toMatchObject({ state: 'found', run: { id: 3 } });
      expect(findRun([run(2)], byTitle)).toEqual({ state: 'none' });
    });

    it('takes none of a person, or of a workflow, for that of an app', () => {
      const { login, ...byApp } = byTitle;
      const workflow = { login: 'github-actions[bot]', type: 'Bot' };

      const found = [dana, workflow].map(actor =>
        findRun([run(2, { ...titled, actor })], byApp),
      );

      expect(found).toEqual([{ state: 'none' }, { state: 'none' }]);
    });

    it('does not guess between two', () => {
      const runs = [run(2, titled), run(3, titled)];

      expect(findRun(runs, byTitle)).toEqual({ state: 'several', runs });
    });
  });
});
