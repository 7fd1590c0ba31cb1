import { mockServices } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { People } from './People';

function user(
  name: string,
  options: { login?: string; email?: string } = {},
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: {
      name,
      namespace: 'default',
      ...(options.login && {
        annotations: { 'github.com/user-login': options.login },
      }),
    },
    spec: { ...(options.email && { profile: { email: options.email } }) },
  };
}

function group(
  name: string,
  options: { members?: string[]; children?: string[]; parent?: string } = {},
): Entity {
  const { members = [], children = [], parent } = options;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name, namespace: 'default' },
    relations: [
      ...members.map(each => ({
        type: 'hasMember',
        targetRef: `user:default/${each}`,
      })),
      ...children.map(each => ({
        type: 'parentOf',
        targetRef: `group:default/${each}`,
      })),
      ...(parent
        ? [{ type: 'childOf', targetRef: `group:default/${parent}` }]
        : []),
    ],
  };
}

const organisation = [
  user('dana', { login: 'Dana', email: 'Dana@example.test' }),
  user('omar', { login: 'omar-gh' }),
  user('twin-1', { login: 'twin', email: 'twins@example.test' }),
  user('twin-2', { login: 'Twin', email: 'twins@example.test' }),
  group('platform', { members: ['omar', 'ghost'], children: ['on-call'] }),
  group('on-call', { members: ['dana'], parent: 'platform', children: ['x'] }),
  // In a circle.
  group('x', { members: ['twin-1'], children: ['platform'] }),
  group('alone', { parent: 'platform' }),
];

function start(
  entities: Entity[] = organisation,
  openApprovals?: readonly string[],
) {
  const state = { entities, now: 0, broken: false, asked: 0 };
  const catalog = () => {
    state.asked += 1;
    if (state.broken) {
      throw new Error('connect ECONNREFUSED 10.0.0.7:5432');
    }
    return catalogServiceMock({ entities: state.entities });
  };
  const people = new People({
    ...(openApprovals && { openApprovals }),
    auth: mockServices.auth(),
    catalog: {
      getEntities: async query => catalog().getEntities(query),
      getEntitiesByRefs: async query => catalog().getEntitiesByRefs(query),
    },
    now: () => state.now,
  });
  return { people, state };
}

describe('members', () => {
  it.each([
    [['group:default/platform'], ['dana', 'omar', 'twin-1']],
    [
      ['Group:default/On-Call', 'user:default/omar'],
      ['dana', 'omar', 'twin-1'],
    ],
    [['user:default/omar'], ['omar']],
    [['group:default/alone'], []],
    [[], []],
  ])('of %j are %j', async (refs, names) => {
    const { people } = start();

    const members = await people.membersOf(refs);

    expect(members).toEqual({
      users: names.map(name => `user:default/${name}`),
      unknown: [],
    });
  });

  it('tells the names that the catalog does not know, in the order of the rules', async () => {
    const { people } = start();

    const pools = await people.poolsFor([
      { from: ['group:default/gone', 'user:default/omar'], required: 1 },
      { required: 1 },
    ]);

    expect(pools).toEqual([
      { users: ['user:default/omar'], unknown: ['group:default/gone'] },
      { unknown: [] },
    ]);
  });

  it('follows a chain of groups to its end', async () => {
    const chain = Array.from({ length: 60 }, (_, index) =>
      group(`g${index}`, { children: [`g${index + 1}`] }),
    );
    const { people } = start([
      ...chain,
      group('g60', { members: ['dana'] }),
      user('dana'),
    ]);

    const members = await people.membersOf(['group:default/g0']);

    expect(members.users).toEqual(['user:default/dana']);
  });

  it('refuses groups that are too large', async () => {
    const { people } = start([
      group('all', {
        members: Array.from({ length: 10_001 }, (_, index) => `u${index}`),
      }),
    ]);

    await expect(people.membersOf(['group:default/all'])).rejects.toThrow(
      'More than 10000 users and groups are in group:default/all. Name smaller groups in promotion.approvals.',
    );
  });

  it('sees after a few seconds that somebody left', async () => {
    const { people, state } = start();
    const refs = ['group:default/on-call', 'user:default/dana'];
    const before = await people.membersOf(refs);
    state.entities = organisation.filter(
      ({ metadata }) => metadata.name !== 'dana',
    );

    state.now = 15_000;
    const after = await people.membersOf(refs);

    expect(before.users).toContain('user:default/dana');
    expect(after.users).not.toContain('user:default/dana');
    expect(after.unknown).toEqual(['user:default/dana']);
  });

  it('stand for five minutes if the catalog does not answer, and then nobody counts', async () => {
    const { people, state } = start();
    const refs = ['group:default/on-call'];
    const before = await people.membersOf(refs);
    state.broken = true;

    state.now = 299_000;
    const meanwhile = await people.membersOf(refs);
    state.now = 300_000;

    expect(meanwhile).toEqual(before);
    await expect(people.membersOf(refs)).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringContaining(
        'The catalog does not tell who may approve. Try again in a minute.',
      ),
    });
  });

  it('asks once for all who ask at the same time', async () => {
    const { people, state } = start();

    await Promise.all([
      people.membersOf(['user:default/omar']),
      people.membersOf(['user:default/omar']),
    ]);

    expect(state.asked).toBe(1);
  });
});

describe('a rule that names nobody', () => {
  const open = [{ required: 1 }];

  it('takes whoever has the permission, if app-config names nobody either', async () => {
    expect(await start().people.poolsFor(open)).toEqual([{ unknown: [] }]);
  });

  it('takes those of app-config, and nobody who left them', async () => {
    const { people, state } = start(undefined, ['group:default/platform']);
    const [before] = await people.poolsFor(open);

    state.entities = organisation.map(entity =>
      entity.metadata.name === 'platform'
        ? group('platform', { members: [], children: ['on-call'] })
        : entity,
    );
    state.now += 20_000;
    const [after] = await people.poolsFor(open);

    expect(before.users).toContain('user:default/omar');
    expect(after.users).not.toContain('user:default/omar');
  });
});

describe('users at GitHub', () => {
  it.each([
    ['dana', 'user:default/dana'],
    ['OMAR-GH', 'user:default/omar'],
    ['twin', undefined],
    ['nobody', undefined],
    ['', undefined],
    ['a,kind=group', undefined],
  ])('the login %j is of %j', async (login, expected) => {
    const { people } = start();

    expect(await people.userOfLogin(login)).toBe(expected);
  });

  it.each([
    ['user:default/dana', ['dana']],
    ['User:default/Omar', ['omar-gh']],
    ['user:default/ghost', []],
    ['group:default/x', []],
  ])('of %s the logins are %j', async (ref, expected) => {
    const { people } = start();

    expect(await people.loginsOf(ref)).toEqual(expected);
  });

  it('are found by addresses, all that have one', async () => {
    const { people } = start();

    const { byEmail } = await people.usersAtGithub({
      emails: ['dana@EXAMPLE.test', 'twins@example.test', 'x@example.test'],
    });

    expect(Object.fromEntries(byEmail)).toEqual({
      'dana@example.test': ['user:default/dana'],
      'twins@example.test': ['user:default/twin-1', 'user:default/twin-2'],
      'x@example.test': [],
    });
  });

  it('are not hidden by one that would change the question', async () => {
    const { people } = start();

    const { byLogin, byEmail } = await people.usersAtGithub({
      logins: ['dana', 'a,kind=group', 'a=b', 'a b'],
      emails: ['dana@example.test', 'a@b,kind=group', 'a=b@c'],
    });

    expect([...byLogin.keys()]).toEqual(['dana']);
    expect([...byEmail.keys()]).toEqual(['dana@example.test']);
    expect(byLogin.get('dana')).toEqual(['user:default/dana']);
  });

  it('asks in parts for many', async () => {
    const { people, state } = start();
    const logins = Array.from({ length: 120 }, (_, index) => `u${index}`);

    const { byLogin } = await people.usersAtGithub({
      logins: [...logins, 'omar-gh'],
    });

    expect(byLogin.get('omar-gh')).toEqual(['user:default/omar']);
    expect(state.asked).toBe(3);
  });
});
