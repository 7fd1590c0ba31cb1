import { pullRequestNumbers } from './pullRequestNumbers';

/** Newest first: sha, title, parents. */
function history(...commits: [string, string, ...string[]][]) {
  return commits.map(([sha, title, ...parents]) => ({ sha, title, parents }));
}

describe('pullRequestNumbers', () => {
  it.each([
    ['Fix the parser (#12)', 12],
    ['Revert "Fix the parser (#12)" (#15)', 15],
    ['Fix #12', undefined],
    ['Fix (#12) for good', undefined],
    ['(#0012345678901)', undefined],
    ['Merge pull request #12 from fork/branch', undefined],
  ])('of a commit with the title %s: %s', (title, number) => {
    const numbers = pullRequestNumbers(history(['b', title, 'a']));

    expect(numbers.get('b')).toBe(number);
  });

  it('tells all that a merge brought, and nothing that was there before', () => {
    const numbers = pullRequestNumbers(
      history(
        ['m', 'Merge pull request #7 from team/feature', 'd', 'f2'],
        ['f2', 'Feature, part two', 'f1'],
        ['d', 'Pushed to main', 'c'],
        ['f1', 'Feature, part one', 'c'],
        ['c', 'Pushed before', 'b'],
      ),
    );

    expect(Object.fromEntries(numbers)).toEqual({ m: 7, f1: 7, f2: 7 });
  });

  it('tells the inner one of a merge in a merge', () => {
    const numbers = pullRequestNumbers(
      history(
        ['m', 'Merge pull request #9 from team/epic', 'a', 'n'],
        ['n', 'Merge pull request #8 from team/story', 'e', 's'],
        ['s', 'Story', 'e'],
        ['e', 'Epic', 'a'],
      ),
    );

    expect(Object.fromEntries(numbers)).toEqual({ m: 9, e: 9, n: 8, s: 8 });
  });

  it('keeps a branch that took main in apart from what main brought', () => {
    const numbers = pullRequestNumbers(
      history(
        ['m', 'Merge pull request #9 from team/feature', 'd', 'u'],
        ['u', "Merge branch 'main' into feature", 'f', 'd'],
        ['d', 'Another (#5)', 'b'],
        ['f', 'Feature', 'b'],
      ),
    );

    expect(Object.fromEntries(numbers)).toEqual({ m: 9, u: 9, f: 9, d: 5 });
  });
});
