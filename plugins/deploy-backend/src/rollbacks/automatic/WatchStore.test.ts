import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { migratedDatabase } from '../../__testUtils__/migratedDatabase';
import { WatchEnd, WatchStore } from './WatchStore';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const minute = (count: number) => new Date(Date.UTC(2026, 0, 5, 12, count));

describe.each(databases.eachSupportedId())('WatchStore on %s', databaseId => {
  let knex: Knex;
  let store: WatchStore;
  let count: number;

  beforeEach(async () => {
    knex = await migratedDatabase(databases, databaseId);
    store = new WatchStore(knex);
    count = 0;
    await knex('services').insert({
      id: 'issuer',
      entity_ref: 'component:default/vvp-issuer',
      repository: 'example-org/vvp',
      service_key: 'issuer',
      name: 'vvp-issuer',
      annotations: '{}',
    });
    for (const [position, name] of ['staging', 'production'].entries()) {
      await knex('environments').insert({
        id: name,
        service_id: 'issuer',
        name,
        tier: name,
        position,
        declared: true,
        enforced: false,
        definition: JSON.stringify({ rollback: { automatic: true } }),
      });
    }
    for (const name of ['first', 'second']) {
      await knex('releases').insert({
        id: name,
        service_id: 'issuer',
        commit_sha: name.padEnd(40, '0'),
        created_at: minute(0).toISOString(),
      });
    }
  });

  /** A release goes in. */
  async function deploy(
    release: string,
    more: { environment?: string; source?: string; finishedAt?: Date } = {},
  ): Promise<{ deploymentId: string; environmentId: string }> {
    count += 1;
    const { environment = 'production', finishedAt = minute(count) } = more;
    const id = `deployment-${count}`;
    await knex('deployments').insert({
      id,
      service_id: 'issuer',
      environment_id: environment,
      release_id: release,
      source: more.source ?? `github:example-org/vvp:${count}:1:1`,
      outcome: 'succeeded',
      status: 'succeeded',
      asked_first: false,
      guessed: false,
      created_at: minute(count).toISOString(),
      finished_at: finishedAt.toISOString(),
    });
    await knex('environments')
      .where({ id: environment })
      .update({ current_deployment_id: id });
    return { deploymentId: id, environmentId: environment };
  }

  /** A release goes in, and this comes of it. */
  async function watched(
    release: string,
    state: WatchEnd['state'] | 'watching',
    environment?: string,
  ): Promise<void> {
    const deployed = await deploy(release, { environment });
    await store.begin(deployed, minute(count));
    if (state !== 'watching') {
      await store.end(deployed.deploymentId, { state });
    }
  }

  const foundBad = async (environment = 'production') =>
    [...(await store.foundBad(environment))].sort();

  it.each<[WatchEnd['state'], string[]]>([
    ['rolled-back', ['first']],
    ['kept-out', ['first']],
    ['not-possible', ['first']],
    ['healthy', []],
    ['replaced', []],
    ['unjudged', []],
  ])('finds a release bad whose watch ended as %s: %j', async (state, bad) => {
    await watched('first', state);
    await watched('second', 'healthy');

    expect(await foundBad()).toEqual(bad);
    expect(await foundBad('staging')).toEqual([]);
  });

  it('takes the newest word on a release', async () => {
    await watched('first', 'not-possible');
    await watched('first', 'healthy');
    await watched('second', 'healthy');
    await watched('second', 'rolled-back');

    expect(await foundBad()).toEqual(['second']);
  });

  it.each<WatchEnd['state'] | 'watching'>(['watching', 'replaced', 'unjudged'])(
    'holds to what was found when a later watch says nothing: %s',
    async state => {
      await watched('first', 'not-possible');
      await watched('first', state);

      expect(await foundBad()).toEqual(['first']);
    },
  );

  it('watches what a pipeline brought in just now, once', async () => {
    const staging = await deploy('first', { environment: 'staging' });
    const production = await deploy('first', { finishedAt: minute(10) });

    const fresh = await store.unwatched(minute(5));
    await store.begin(production, minute(11));
    await store.begin(production, minute(12));

    expect(fresh).toEqual([production]);
    expect(await store.unwatched(minute(0))).toEqual([staging]);
    expect(await store.due(minute(11))).toMatchObject([
      {
        ...production,
        startedAt: minute(11).toISOString(),
        release: { id: 'first' },
      },
    ]);
  });

  it('watches nothing that an operation brought in: never twice in a row', async () => {
    await deploy('first', { source: 'operation:operation-1' });

    expect(await store.unwatched(minute(0))).toEqual([]);
  });

  it('watches nothing that another deployment replaced by then', async () => {
    await deploy('first');
    const newer = await deploy('second');

    expect(await store.unwatched(minute(0))).toEqual([newer]);
  });

  it('says once what came of a watch', async () => {
    const { deploymentId, ...rest } = await deploy('first');
    await store.begin({ deploymentId, ...rest }, minute(1));

    await store.look(deploymentId, [], minute(2), 'It waits.');
    const [waiting] = await store.due(minute(2));
    await store.end(deploymentId, { state: 'rolled-back', note: 'It is bad.' });
    await store.end(deploymentId, { state: 'healthy' });
    await store.look(deploymentId, [{ health: 'healthy' }], minute(3));

    expect(waiting.waits).toBe('It waits.');
    expect(await store.due(minute(9))).toEqual([]);
    expect(await knex('deployment_watches').first()).toMatchObject({
      state: 'rolled-back',
      note: 'It is bad.',
      observations: '[]',
    });
  });
});
