import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { ServiceStore } from './ServiceStore';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const AT = '2026-01-01T00:00:00.000Z';
const now = new Date(AT);
const production = { name: 'production', tier: 'production' as const };
const staging = { name: 'staging', tier: 'staging' as const };

describe.each(databases.eachSupportedId())('ServiceStore on %s', databaseId => {
  let knex: Knex;
  let store: ServiceStore;

  beforeEach(async () => {
    knex = await migratedDatabase(databases, databaseId);
    await knex('services').insert({
      id: 'issuer',
      entity_ref: 'component:default/issuer',
      repository: 'example-org/vvp',
      service_key: 'issuer',
      name: 'issuer',
      annotations: '{}',
    });
    await knex('releases').insert({
      id: 'release',
      service_id: 'issuer',
      commit_sha: 'a'.repeat(40),
      created_at: AT,
    });
    store = new ServiceStore(knex);
    await store.declareEnvironments('issuer', [staging, production], now);
  });

  const environments = () =>
    knex('environments').orderBy('position').select('id', 'name');

  it('forgets an environment that is no longer declared, and in which nothing happened', async () => {
    await store.declareEnvironments('issuer', [staging], now);

    expect(await environments()).toEqual([
      { id: expect.any(String), name: 'staging' },
    ]);
  });

  const by = { set_by: 'user:default/ada', reason: 'It answers 500' };

  it.each<[string, string, object]>([
    ['a lock', 'locks', { owner: by.set_by, reason: by.reason, since: AT }],
    [
      'a lock that was released',
      'locks',
      { owner: by.set_by, reason: by.reason, since: AT, released_at: AT },
    ],
    ['a hold that was lifted', 'holds', { ...by, since: AT, ended_at: AT }],
    [
      'a quarantine of a revision',
      'quarantined_revisions',
      { ...by, since: AT, revision: 'issuer--2' },
    ],
    [
      'a quarantine of a revision that was lifted',
      'quarantined_revisions',
      { ...by, since: AT, revision: 'issuer--2', lifted_at: AT },
    ],
    [
      'a promotion',
      'promotions',
      {
        service_id: 'issuer',
        release_id: 'release',
        class: 'regular',
        status: 'rejected',
        state: '{}',
        requested_by: by.set_by,
        seam: 'dispatch',
        required_approvals: 1,
        repository: 'example-org/vvp',
        created_at: AT,
        updated_at: AT,
        expires_at: AT,
      },
    ],
    [
      'an operation',
      'operations',
      {
        position: 1,
        service_id: 'issuer',
        kind: 'restart',
        status: 'succeeded',
        phase: 'forward',
        lock_key: 'x',
        requested_by: by.set_by,
        automatic: false,
        context: '{}',
        created_at: AT,
        due_at: AT,
      },
    ],
  ])('keeps one with %s', async (_, table, row) => {
    const [, { id }] = await environments();
    await knex(table).insert({ id: 'row', environment_id: id, ...row });

    await store.declareEnvironments('issuer', [staging], now);
    await store.declareEnvironments('issuer', [staging, production], now);

    expect((await environments())[1]).toEqual({ id, name: 'production' });
    expect(await knex(table).where({ environment_id: id })).toHaveLength(1);
  });
});
