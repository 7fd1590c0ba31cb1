import { ComparedPage } from './GithubCommits';
import { refOfCommit } from './refOfCommit';

const commit = 'a'.repeat(40);
const other = 'b'.repeat(40);

describe('refOfCommit', () => {
  it.each<
    [
      string,
      { head?: string; tagged?: string; status?: ComparedPage['status'] },
      { branch: boolean; tag: boolean },
    ]
  >([
    ['the head of the branch', { head: commit }, { branch: true, tag: false }],
    [
      'an older commit of the branch',
      { head: other, status: 'ahead' },
      { branch: true, tag: false },
    ],
    [
      'a commit beside the branch',
      { head: other, status: 'diverged' },
      { branch: false, tag: false },
    ],
    [
      'a commit beside the branch that a tag of its name is at',
      { head: other, status: 'diverged', tagged: commit },
      { branch: false, tag: true },
    ],
    [
      'a commit that has nothing to do with the branch',
      { head: other },
      { branch: false, tag: false },
    ],
    [
      'a commit that the tag was at before',
      { tagged: other },
      { branch: false, tag: false },
    ],
  ])('of %s', async (_, { head, tagged, status }, expected) => {
    const github = {
      commitOf: async (ref: string) => (ref === 'heads/main' ? head : tagged),
      compare: async () =>
        status
          ? { status, total: 1, behind: 0, commits: [] }
          : ('nothing in common' as const),
    };

    expect(await refOfCommit(github, 'main', commit)).toEqual(expected);
  });
});
