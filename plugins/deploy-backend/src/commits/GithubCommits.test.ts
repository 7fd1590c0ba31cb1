import { GithubClient } from '../github/GithubClients';
import { GithubCommits } from './GithubCommits';

const commit = 'a'.repeat(40);
const tag = (digit: string) => ({ type: 'tag', sha: digit.repeat(40) });

/** GitHub with these refs and tags, and whatever commit somebody asks for by a name. */
function commitsOf(
  refs: Record<string, { type: string; sha: string }>,
  tags: Record<string, { type: string; sha: string }> = {},
) {
  const found = async (object: object | undefined) => {
    if (!object) {
      throw Object.assign(new Error('Not Found'), { status: 404 });
    }
    return { data: { object } };
  };
  const client = {
    rest: {
      git: {
        getRef: ({ ref }: { ref: string }) => found(refs[ref]),
        getTag: ({ tag_sha: sha }: { tag_sha: string }) => found(tags[sha]),
      },
      repos: { getCommit: async () => ({ data: { sha: commit } }) },
    },
  };
  return new GithubCommits({
    client: client as unknown as GithubClient,
    repository: 'example-org/vvp',
    page: 'https://github.example/example-org/vvp',
    signal: new AbortController().signal,
  });
}

describe('the commit of a name', () => {
  it.each(['heads/main', 'tags/v9'])('is what %s is at', async ref => {
    const github = commitsOf({ [ref]: { type: 'commit', sha: commit } });

    expect(await github.commitOf(ref)).toBe(commit);
  });

  it('is what a tag with a text of its own is at', async () => {
    const github = commitsOf(
      { 'tags/v9': tag('1') },
      {
        [tag('1').sha]: tag('2'),
        [tag('2').sha]: { type: 'commit', sha: commit },
      },
    );

    expect(await github.commitOf('tags/v9')).toBe(commit);
  });

  it('is none of a tag v9 where there is only a branch tags/v9', async () => {
    const github = commitsOf({
      'heads/v9': { type: 'commit', sha: commit },
      'heads/tags/v9': { type: 'commit', sha: commit },
    });

    expect(await github.commitOf('tags/v9')).toBeUndefined();
  });

  it.each([
    ['a file', { type: 'blob', sha: commit }, {}],
    ['itself', tag('1'), { [tag('1').sha]: tag('1') }],
  ])('is none of a tag at %s', async (_, object, tags) => {
    const github = commitsOf({ 'tags/v9': object }, tags);

    expect(await github.commitOf('tags/v9')).toBeUndefined();
  });
});
