import { ComparedPage } from './GithubCommits';
import { listCommits } from './listCommits';

/** Comparisons as GitHub answers them, by `base...head`; 100 commits a page, oldest first. */
function githubOf(
  comparisons: Record<
    string,
    Partial<ComparedPage> & { shas?: string[]; at?: string }
  >,
) {
  return {
    pullRequestUrl: (number: number) => `pull/${number}`,
    compare: jest.fn(async (base: string, head: string, page = 1) => {
      const known = comparisons[`${base}...${head}`];
      if (!known) {
        return 'nothing in common' as const;
      }
      const { shas = [], at, ...rest } = known;
      return {
        status: 'ahead' as const,
        total: shas.length,
        behind: 0,
        ...rest,
        commits: shas
          .slice((page - 1) * 100, page * 100)
          .map(sha => ({ sha, title: sha, parents: [], committedAt: at })),
      };
    }),
  };
}

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => String(index + 1));

describe('listCommits', () => {
  it.each([1, 100, 101, 500])('lists %i commits, newest first', async count => {
    const github = githubOf({ 'a...b': { shas: numbered(count) } });

    const listed = await listCommits(github, 'a', 'b');

    expect(listed).toMatchObject({
      direction: 'forward',
      list: { state: 'known', total: count },
    });
    expect(listed?.list.commits.map(({ sha }) => sha)).toEqual(
      numbered(count).reverse(),
    );
    expect(github.compare).toHaveBeenCalledTimes(Math.ceil(count / 100));
  });

  it('lists the newest of too many', async () => {
    const github = githubOf({ 'a...b': { shas: numbered(1250) } });

    const listed = await listCommits(github, 'a', 'b');

    const { state, total, commits = [] } = listed?.list ?? {};
    expect([state, total]).toEqual(['partial', 1250]);
    expect(commits[0].sha).toBe('1250');
    expect(commits.length).toBeGreaterThan(400);
    expect(commits.length).toBeLessThanOrEqual(500);
    expect(github.compare.mock.calls.map(call => call[2] ?? 1).sort()).toEqual([
      1, 10, 11, 12, 13, 9,
    ]);
  });

  it('turns round for an older one', async () => {
    const github = githubOf({
      'b...a': { status: 'behind', behind: 2 },
      'a...b': { shas: ['x', 'y'] },
    });

    expect(await listCommits(github, 'b', 'a')).toMatchObject({
      direction: 'backward',
      list: { state: 'known', commits: [{ sha: 'y' }, { sha: 'x' }] },
    });
  });

  it.each([
    ['2026-01-05T10:00:00Z', '2026-01-05T11:00:00Z', 'backward', 'left'],
    ['2026-01-05T11:00:00Z', '2026-01-05T10:00:00Z', 'forward', 'right'],
    ['2026-01-05T10:00:00Z', '2026-01-05T10:00:00Z', 'forward', 'right'],
  ])(
    'lists what the younger of two that parted has (%#)',
    async (rightAt, leftAt, direction, sha) => {
      const parted = { status: 'diverged' as const, behind: 1 };
      const github = githubOf({
        'left...right': {
          ...parted,
          baseAt: leftAt,
          shas: ['right'],
          at: rightAt,
        },
        'right...left': {
          ...parted,
          baseAt: rightAt,
          shas: ['left'],
          at: leftAt,
        },
      });

      expect(await listCommits(github, 'left', 'right')).toMatchObject({
        direction,
        list: { state: 'unrelated', behind: 1, commits: [{ sha }] },
      });
    },
  );

  it('finds nothing in common', async () => {
    expect(await listCommits(githubOf({}), 'a', 'b')).toEqual({
      direction: 'forward',
      list: { state: 'unrelated', commits: [], total: 0, behind: 0 },
    });
  });

  it('finds no difference', async () => {
    const github = githubOf({ 'a...b': { status: 'identical' } });

    expect(await listCommits(github, 'a', 'b')).toBeUndefined();
  });
});
