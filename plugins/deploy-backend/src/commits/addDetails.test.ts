import { addDetails } from './addDetails';
import { KeptCommit } from './types';

const issuer = {
  repository: 'example-org/vvp',
  paths: ['services/issuer/**'],
  sharedPaths: [],
};

function listOf(...commits: KeptCommit[]) {
  return { state: 'known' as const, commits, total: commits.length, behind: 0 };
}

function commit(sha: string, about: Partial<KeptCommit> = {}): KeptCommit {
  return { sha, title: sha, parents: [], ...about };
}

describe('addDetails', () => {
  const never = () => new Promise<never>(() => {});
  const open = new AbortController().signal;

  it('asks for the pull requests only of what is of the service', async () => {
    const paths: Record<string, string[]> = {
      a: ['services/issuer/x.py'],
      b: ['docs/x.md'],
    };
    const pullRequestOf = jest.fn(async () => ({ number: 7 }));

    const result = await addDetails(
      { pathsOf: async sha => ({ paths: paths[sha] }), pullRequestOf },
      listOf(commit('a'), commit('b')),
      issuer,
      open,
    );

    expect(pullRequestOf.mock.calls).toEqual([['a']]);
    expect(result).toEqual({
      grew: true,
      list: listOf(
        commit('a', {
          paths: ['services/issuer/x.py'],
          pullAsked: true,
          pullRequest: { number: 7 },
        }),
        commit('b', { paths: ['docs/x.md'] }),
      ),
    });
  });

  it('keeps what it has when GitHub becomes slow', async () => {
    const controller = new AbortController();
    const known = ['services/issuer/x.py'];
    const pathsOf = (sha: string) =>
      sha === 'a' ? Promise.resolve({ paths: known }) : never();

    const details = addDetails(
      { pathsOf, pullRequestOf: never },
      listOf(commit('a'), commit('b')),
      issuer,
      controller.signal,
    );
    setImmediate(() => controller.abort(new Error('10 seconds are over')));

    expect(await details).toEqual({
      grew: true,
      list: listOf(commit('a', { paths: known }), commit('b')),
      failure: new Error('10 seconds are over'),
    });
  });

  it('asks no more after a failure', async () => {
    const pathsOf = jest.fn(async () => Promise.reject(new Error('502')));
    const commits = Array.from({ length: 50 }, (_, index) =>
      commit(String(index)),
    );

    const result = await addDetails(
      { pathsOf, pullRequestOf: never },
      listOf(...commits),
      issuer,
      open,
    );

    expect(result).toMatchObject({ grew: false, failure: new Error('502') });
    // Those that were under way.
    expect(pathsOf.mock.calls.length).toBeLessThanOrEqual(8);
  });
});
