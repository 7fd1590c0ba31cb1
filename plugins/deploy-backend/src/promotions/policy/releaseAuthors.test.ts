import { CommitPerson } from '../../commits/commitPeople';
import { UsersAtGithub } from './People';
import { authorsAmong, releaseAuthors } from './releaseAuthors';

const users: UsersAtGithub = {
  byLogin: new Map([
    ['dana', ['user:default/dana']],
    ['twin', ['user:default/twin-1', 'user:default/twin-2']],
    ['nobody', []],
  ]),
  byEmail: new Map([['omar@example.test', ['user:default/omar']]]),
};

const step = {
  service: { repository: 'example-org/vvp', paths: [], sharedPaths: [] },
  from: 'a'.repeat(40),
  to: 'b'.repeat(40),
};

describe('authorsAmong', () => {
  it.each<[string, CommitPerson[], string[], string[]]>([
    ['a login', [{ login: 'Dana' }], ['dana'], []],
    ['an address', [{ email: 'Omar@example.test' }], ['omar'], []],
    ['a login of two', [{ login: 'twin' }], ['twin-1', 'twin-2'], []],
    [
      'a login and an address of different people',
      [{ login: 'dana', email: 'omar@example.test' }],
      ['dana', 'omar'],
      [],
    ],
    [
      'nobody who is known',
      [{ login: 'nobody', name: 'Nobody' }, { name: 'Priya' }, {}],
      [],
      ['Priya', 'nobody', 'somebody without a name'],
    ],
    [
      'an unknown address',
      [{ email: 'x@example.test' }],
      [],
      ['somebody without a name'],
    ],
  ])('takes %s', (_, people, names, unmapped) => {
    expect(authorsAmong(people, users)).toEqual({
      users: names.map(name => `user:default/${name}`),
      unmapped,
    });
  });
});

async function notToBeAsked(): Promise<never> {
  throw new Error('not to be asked');
}

describe('releaseAuthors', () => {
  const people = {
    usersAtGithub: async () => users,
  };

  it('asks for those who wrote what comes in', async () => {
    const asked: unknown[] = [];
    const ranges = {
      peopleUpTo: notToBeAsked,
      peopleBetween: async (query: unknown) => {
        asked.push(query);
        return {
          people: [{ login: 'dana', email: 'omar@example.test' }],
          complete: true,
        };
      },
    };

    const authors = await releaseAuthors(step, ranges, people);

    expect(asked).toEqual([step]);
    expect(authors).toEqual({
      users: ['user:default/dana', 'user:default/omar'],
      unmapped: [],
      complete: true,
    });
  });

  it('says that some may be missing', async () => {
    const ranges = {
      peopleUpTo: notToBeAsked,
      peopleBetween: async () => ({
        people: [{ login: 'dana' }],
        complete: false,
      }),
    };

    const authors = await releaseAuthors(step, ranges, people);

    expect(authors).toMatchObject({
      users: ['user:default/dana'],
      complete: false,
      note: expect.stringContaining('one of its authors may be missing'),
    });
  });

  it.each([
    [true, undefined],
    [false, expect.stringContaining('Nothing runs there yet')],
  ])(
    'asks for all that led to it where nothing runs; complete: %s',
    async (complete, note) => {
      const ranges = {
        peopleBetween: notToBeAsked,
        peopleUpTo: async () => ({ people: [{ login: 'dana' }], complete }),
      };

      const authors = await releaseAuthors(
        { ...step, from: undefined },
        ranges,
        people,
      );

      expect(authors).toMatchObject({ users: ['user:default/dana'], complete });
      expect(authors.note).toEqual(note);
    },
  );

  it('fails if nobody tells who is who', async () => {
    const ranges = {
      peopleUpTo: notToBeAsked,
      peopleBetween: async () => ({ people: [], complete: true }),
    };
    const silent = {
      usersAtGithub: async () => {
        throw new Error('the catalog is away');
      },
    };

    await expect(releaseAuthors(step, ranges, silent)).rejects.toThrow(
      'the catalog is away',
    );
  });
});
