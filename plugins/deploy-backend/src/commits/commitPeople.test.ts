import { commitPeople } from './commitPeople';
import { peopleOfList } from './peopleOfList';
import { CommitList, KeptCommit } from './types';

describe('commitPeople', () => {
  it.each([
    [
      'the author with a login',
      { login: 'dana', name: 'Dana', email: 'Dana@Example.test', message: 'x' },
      [{ login: 'dana', name: 'Dana', email: 'dana@example.test' }],
    ],
    [
      'an author whom GitHub does not know',
      { name: 'Dana', email: 'dana@example.test', message: 'x' },
      [{ name: 'Dana', email: 'dana@example.test' }],
    ],
    [
      'the login in an address of GitHub',
      { email: '123+dana@users.noreply.github.com', message: 'x' },
      [{ login: 'dana', email: '123+dana@users.noreply.github.com' }],
    ],
    [
      'those of the message',
      {
        login: 'dana',
        message:
          'Fix it\n\nCo-authored-by: Omar <Omar@example.test>\nco-authored-by: <priya@users.noreply.github.com>\nReviewed-by: Tom <tom@example.test>',
      },
      [
        { login: 'dana' },
        { name: 'Omar', email: 'omar@example.test' },
        { login: 'priya', email: 'priya@users.noreply.github.com' },
      ],
    ],
    ['no title as a trailer', { message: 'Co-authored-by: O <o@x.test>' }, []],
    ['nobody', { message: '' }, []],
  ])('finds %s', (_, commit, expected) => {
    expect(commitPeople(commit)).toEqual(expected);
  });

  it('takes no more than twenty', () => {
    const message = `x\n${'Co-authored-by: O <o@example.test>\n'.repeat(100)}`;

    expect(commitPeople({ message })).toHaveLength(20);
  });
});

describe('peopleOfList', () => {
  const service = { paths: ['services/issuer/**'], sharedPaths: [] };

  function commit(sha: string, paths?: string[]): KeptCommit {
    return {
      sha,
      title: sha,
      parents: [],
      people: [{ login: sha }],
      ...(paths && { paths }),
    };
  }

  function list(commits: KeptCommit[], about: Partial<CommitList> = {}) {
    return {
      direction: 'forward' as const,
      list: {
        state: 'known' as const,
        commits,
        total: commits.length,
        behind: 0,
        ...about,
      },
    };
  }

  it('takes the commits of the service, and those that may be', () => {
    const found = peopleOfList(
      list([
        commit('dana', ['services/issuer/main.py']),
        commit('omar', ['services/verifier/main.py']),
        commit('priya'),
      ]),
      service,
    );

    expect(found).toEqual({
      people: [{ login: 'dana' }, { login: 'priya' }],
      complete: true,
    });
  });

  it('takes the shown author of a commit that was kept before', () => {
    const { people: _, ...old } = commit('a', ['services/issuer/x']);

    const found = peopleOfList(list([{ ...old, author: 'dana' }]), service);

    expect(found.people).toEqual([{ login: 'dana', name: 'dana' }]);
  });

  it.each([
    [
      'only the newest are listed',
      list([commit('a')], { total: 700, state: 'partial' }),
    ],
    ['the two have nothing in common', list([], { state: 'unrelated' })],
    [
      'some come in although more is taken out',
      { ...list([commit('a')], { behind: 2 }), direction: 'backward' as const },
    ],
  ])('is not complete if %s', (_, listed) => {
    expect(peopleOfList(listed, service).complete).toBe(false);
  });

  it('is nobody on the way back', () => {
    expect(
      peopleOfList({ ...list([commit('a')]), direction: 'backward' }, service),
    ).toEqual({ people: [], complete: true });
  });
});
