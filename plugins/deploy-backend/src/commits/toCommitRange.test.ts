import { toCommitRange } from './toCommitRange';
import { CommitList, KeptCommit } from './types';

const issuer = { paths: ['services/issuer/**'], sharedPaths: ['common/**'] };
const whole = { paths: [], sharedPaths: [] };

function commit(sha: string, about: Partial<KeptCommit> = {}): KeptCommit {
  return { sha, title: `Commit ${sha}`, parents: [], ...about };
}

function list(commits: KeptCommit[], about: Partial<CommitList> = {}) {
  return {
    state: 'known',
    commits,
    total: commits.length,
    behind: 0,
    ...about,
  } satisfies CommitList;
}

function range(service: typeof issuer, kept: CommitList, problem?: string) {
  return toCommitRange(
    { service, from: 'x', to: 'y' },
    'backward',
    kept,
    problem,
  );
}

describe('toCommitRange', () => {
  it('leaves out what does not touch the service, and what is only for keeping', () => {
    const kept = list([
      commit('c', { paths: ['common/log.py'], pullAsked: true }),
      commit('b', { paths: ['services/verifier/main.py'] }),
      commit('a', { paths: ['docs/x.md', 'services/issuer/old.py'] }),
    ]);

    expect(range(issuer, kept)).toEqual({
      from: 'x',
      to: 'y',
      state: 'known',
      direction: 'backward',
      commits: [
        { sha: 'c', title: 'Commit c' },
        { sha: 'a', title: 'Commit a' },
      ],
    });
  });

  it('shows a commit with too many paths to know', () => {
    const kept = list([commit('a', { paths: ['x'], pathsCut: true })]);

    expect(range(issuer, kept)).toMatchObject({
      state: 'known',
      commits: [{ sha: 'a' }],
    });
  });

  it('says how many commits it cannot tell about', () => {
    const kept = list([commit('b', { paths: ['common/x'] }), commit('a')]);

    const result = range(issuer, kept, 'GitHub does not answer.');

    expect(result.state).toBe('partial');
    expect(result.commits.map(({ sha }) => sha)).toEqual(['b']);
    expect(result.message).toBe(
      'Of 1 more commits it is not known whether they touch the service. GitHub does not answer.',
    );
  });

  it('asks for no paths of a service that is the whole repository', () => {
    const kept = list([commit('b'), commit('a')]);

    expect(range(whole, kept)).toMatchObject({
      state: 'known',
      commits: [{ sha: 'b' }, { sha: 'a' }],
    });
  });

  it('says what GitHub did not list', () => {
    const kept = list([commit('b')], { state: 'partial', total: 700 });

    expect(range(whole, kept)).toMatchObject({
      state: 'partial',
      message: 'There are 699 older commits besides.',
    });
  });

  it.each([
    [
      list([commit('b')], { state: 'unrelated', behind: 3 }),
      'The two commits parted: these are taken out, and 3 others of the repository come in.',
    ],
    [
      list([], { state: 'unrelated' }),
      'The two commits have no history in common.',
    ],
  ])('says what there is of two that parted (%#)', (kept, message) => {
    expect(range(whole, kept)).toMatchObject({ state: 'unrelated', message });
  });
});
