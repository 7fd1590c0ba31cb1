import {
  coreServices,
  createBackendPlugin,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { createValidatedOpenApiRouter } from '@backstage/backend-openapi-utils';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  deployReadPermission,
  Freeze,
} from '@vvp/backstage-plugin-deploy-common';
import express from 'express';
import { Knex } from 'knex';
import request from 'supertest';
import { v4 as uuid } from 'uuid';
import { assertMatchesDocument } from '../__testUtils__/assertMatchesDocument';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { Authorizer } from '../permissions/Authorizer';
import {
  createDeployConditionalDecision,
  deployConditions,
} from '../permissions/conditions';
import { registerPermissions } from '../permissions/registerPermissions';
import { freezeRoutes } from '../router/freezeRoutes';
import { spec } from '../schema/openapi';
import { Freezes } from './Freezes';
import { readFreezeConfig } from './readFreezeConfig';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const HOUR_MS = 3_600_000;
const soon = (hours: number) =>
  new Date(Date.now() + hours * HOUR_MS).toISOString();
const body = (title: string, more: object = {}) => ({
  title,
  reason: 'Nobody is there to look at it',
  scope: { tiers: ['production'] },
  window: { from: soon(-1), to: soon(5) },
  ...more,
});

/** One replica: the routes of freezes, checked against the document as in the plugin. */
async function replica(knex: Knex, decide: (name: string) => PolicyDecision) {
  const freezes = new Freezes({
    knex,
    configured: readFreezeConfig(
      new ConfigReader({
        deploy: {
          freezes: [body('Configured', { scope: { tiers: ['staging'] } })],
        },
      }),
      new Date(),
    ),
  });
  const changed = jest.fn();
  const auditor = mockServices.auditor.mock();
  auditor.createEvent.mockResolvedValue({
    success: jest.fn(),
    fail: jest.fn(),
  });
  const backend = await startTestBackend({
    features: [
      createBackendPlugin({
        pluginId: 'deploy',
        register(env) {
          env.registerInit({
            deps: {
              httpAuth: coreServices.httpAuth,
              httpRouter: coreServices.httpRouter,
              permissions: coreServices.permissions,
              registry: coreServices.permissionsRegistry,
            },
            async init({ httpAuth, httpRouter, permissions, registry }) {
              registerPermissions(registry, knex);
              httpRouter.use(
                (await createValidatedOpenApiRouter(
                  spec as unknown as Parameters<
                    typeof createValidatedOpenApiRouter
                  >[0],
                )) as unknown as express.Router,
              );
              httpRouter.use(
                freezeRoutes({
                  httpAuth,
                  auditor,
                  authorizer: new Authorizer({
                    permissions,
                    registry,
                    sees: async () => true,
                  }),
                  freezes,
                  onFreezesChanged: changed,
                }),
              );
            },
          });
        },
      }),
      mockServices.permissions.mock({
        authorize: async asked =>
          asked.map(({ permission }) => ({
            result:
              decide(permission.name).result === AuthorizeResult.DENY
                ? AuthorizeResult.DENY
                : AuthorizeResult.ALLOW,
          })),
        authorizeConditional: async asked =>
          asked.map(({ permission }) => decide(permission.name)),
      }).factory,
      createServiceFactory({
        service: coreServices.database,
        deps: {},
        factory: () => ({ getClient: async () => knex }),
      }),
    ],
  });
  const call = request(backend.server);
  const send = async (
    method: 'get' | 'post' | 'delete',
    path: string,
    content?: object,
  ) => {
    const response = await call[method](`/api/deploy${path}`)
      .set('Authorization', mockCredentials.user.header())
      .send(content);
    assertMatchesDocument(path, response.status, response.body, method);
    return response;
  };
  return { freezes, changed, auditor, send, stop: () => backend.stop() };
}

/** Two services: one of a system, and one that only `group:default/others` own. */
async function fill(knex: Knex): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const [name, owner] of [
    ['ours', 'group:default/us'],
    ['theirs', 'group:default/others'],
  ]) {
    const serviceId = uuid();
    await knex('services').insert({
      id: serviceId,
      entity_ref: `component:default/${name}`,
      repository: `example-org/${name}`,
      service_key: name,
      name,
      owner,
      system: `system:default/${name}-system`,
      annotations: '{}',
    });
    for (const tier of ['staging', 'production']) {
      const id = uuid();
      ids.set(`${name} ${tier}`, id);
      await knex('environments').insert({
        ...{ id, service_id: serviceId, name: tier, tier },
        ...{ position: 0, declared: true, enforced: false },
      });
    }
  }
  return ids;
}

describe.each(databases.eachSupportedId())('freezes on %s', databaseId => {
  let knex: Knex;
  let environments: Map<string, string>;
  let a: Awaited<ReturnType<typeof replica>>;
  let b: Awaited<ReturnType<typeof replica>>;
  let decide: (name: string) => PolicyDecision;

  beforeAll(async () => {
    knex = await migratedDatabase(databases, databaseId);
    environments = await fill(knex);
    a = await replica(knex, name => decide(name));
    b = await replica(knex, name => decide(name));
  });

  beforeEach(async () => {
    decide = () => ({ result: AuthorizeResult.ALLOW });
    await knex('freezes').delete();
    for (const { changed, auditor } of [a, b]) {
      changed.mockClear();
      auditor.createEvent.mockClear();
    }
  });

  afterAll(async () => {
    await a.stop();
    await b.stop();
  });

  const titles = async (path = '/freezes') => {
    const { body: page } = await a.send('get', path);
    return page.items.map(({ title }: Freeze) => title);
  };
  const frozenOn = async (one: typeof a, environment: string) => {
    const id = environments.get(environment)!;
    const found = await one.freezes.activeIn([id], new Date());
    return (found.get(id) ?? []).map(({ title }) => title);
  };

  it('sets one that another replica sees at once, and ends it there', async () => {
    const { status, body: set } = await a.send(
      'post',
      '/freezes',
      body('Quiet'),
    );

    expect(status).toBe(201);
    expect(set).toMatchObject({
      by: 'user:default/mock',
      allows: ['rollback'],
      current: { from: set.window.from, to: set.window.to },
    });
    expect(await frozenOn(b, 'ours production')).toEqual(['Quiet']);
    expect(await frozenOn(b, 'ours staging')).toEqual(['Configured']);
    expect(a.changed).toHaveBeenCalledTimes(1);

    const ended = await b.send('delete', `/freezes/${set.id}`);
    const again = await a.send('delete', `/freezes/${set.id}`);

    expect([ended.status, again.status]).toEqual([204, 404]);
    expect(await frozenOn(a, 'ours production')).toEqual([]);
    expect(await titles()).toEqual(['Configured']);
    expect(await knex('freezes').select('ended_by')).toEqual([
      { ended_by: 'user:default/mock' },
    ]);
    expect(
      [
        ...a.auditor.createEvent.mock.calls,
        ...b.auditor.createEvent.mock.calls,
      ].map(([{ eventId }]) => eventId),
    ).toEqual(['freeze-set', 'freeze-end', 'freeze-end']);
  });

  it('shows the windows of one that is not set yet, or why it would be refused', async () => {
    const { window } = body('Previewed');

    const shown = await a.send('post', '/freezes/preview', { window });
    const refused = await a.send('post', '/freezes/preview', {
      window: { from: soon(-5), to: soon(-1) },
    });

    expect(shown.status).toBe(200);
    expect(shown.body).toEqual({ windows: [window] });
    expect(refused.status).toBe(400);
    expect(refused.body.error.message).toMatch(/^window\.to: is past/);
    expect(await titles()).toEqual(['Configured']);
  });

  it('tells when the next one begins or ends', async () => {
    await a.send(
      'post',
      '/freezes',
      body('Quiet', { window: { from: soon(1), to: soon(2) } }),
    );
    const [row] = await knex('freezes').select('window');

    const edge = await b.freezes.edges(new Date());

    expect(edge?.toISOString()).toBe(JSON.parse(row.window).from);
  });

  it('lists newest first, page by page, those of app-config last', async () => {
    for (const title of ['1', '2', '3']) {
      await a.send('post', '/freezes', body(title));
    }

    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const { body: page } = await a.send(
        'get',
        `/freezes?limit=2${cursor ? `&cursor=${cursor}` : ''}`,
      );
      pages.push(page.items.map(({ title }: Freeze) => title));
      cursor = page.nextCursor;
    } while (cursor);

    expect(pages).toEqual([
      ['3', '2'],
      ['1', 'Configured'],
    ]);
  });

  it('does not end one of app-config', async () => {
    const { body: page } = await a.send('get', '/freezes');

    const { status, body: answer } = await a.send(
      'delete',
      `/freezes/${page.items[0].id}`,
    );

    expect(status).toBe(409);
    expect(answer.error.message).toContain('deploy.freezes');
  });

  it('shows who sees some services only what concerns them, on full pages', async () => {
    for (const [title, scope] of Object.entries({
      everything: {},
      'our system': { systems: ['system:default/ours-system'] },
      'their system': { systems: ['system:default/theirs-system'] },
      theirs: { services: ['component:default/theirs'] },
      both: {
        services: ['component:default/theirs', 'component:default/ours'],
      },
      nobody: { environments: ['e2e'] },
    })) {
      await a.send('post', '/freezes', body(title, { scope }));
    }
    decide = name =>
      name === 'deploy.read'
        ? createDeployConditionalDecision(
            deployReadPermission,
            deployConditions.isServiceOwner({ claims: ['group:default/us'] }),
          )
        : { result: AuthorizeResult.ALLOW };

    const { body: page } = await a.send('get', '/freezes?limit=2');

    expect(page.items.map(({ title }: Freeze) => title)).toEqual([
      'both',
      'our system',
    ]);
    expect(page.items[0].scope).toEqual({
      services: ['component:default/ours'],
    });
    expect(await titles(`/freezes?limit=2&cursor=${page.nextCursor}`)).toEqual([
      'everything',
      'Configured',
    ]);
  });

  it.each([
    ['deploy.freeze', 'post', '/freezes'],
    ['deploy.freeze', 'delete', `/freezes/${uuid()}`],
    ['deploy.read', 'get', '/freezes'],
  ] as const)('needs %s to %s %s', async (permission, method, path) => {
    decide = name => ({
      result:
        name === permission ? AuthorizeResult.DENY : AuthorizeResult.ALLOW,
    });

    const { status, body: answer } = await a.send(
      method,
      path,
      method === 'post' ? body('Quiet') : undefined,
    );

    expect(status).toBe(403);
    expect(answer.error.message).toContain(permission);
    expect(await knex('freezes').select('id')).toEqual([]);
  });

  const recurring = (rrule: string, more: object = {}) => ({
    window: {
      ...{ rrule, timeZone: 'Europe/Berlin', duration: 'PT1H' },
      start: soon(24).slice(0, 16),
      ...more,
    },
  });

  it.each<[string, object, string]>([
    [
      'never opens',
      recurring('FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31'),
      'window.rrule',
    ],
    ['opens every second', recurring('FREQ=SECONDLY'), 'window.rrule'],
    ['opens every minute', recurring('FREQ=MINUTELY'), 'window.rrule'],
    [
      'is over before it begins',
      recurring('FREQ=DAILY;UNTIL=20200101'),
      'window.rrule',
    ],
    [
      'never closes',
      recurring('FREQ=DAILY', { duration: 'P1D' }),
      'window.duration',
    ],
    [
      'is nowhere',
      recurring('FREQ=DAILY', { timeZone: 'Mars/Olympus' }),
      'window.timeZone',
    ],
    ['is past', { window: { from: soon(-9), to: soon(-8) } }, 'window.to'],
    ['is about nothing known', { scope: { planets: ['mars'] } }, 'scope'],
    ['has a blank reason', { reason: ' '.repeat(12) }, 'reason'],
  ])(
    'refuses one that %s and stores nothing',
    async (_case, change, member) => {
      const { status, body: answer } = await a.send(
        'post',
        '/freezes',
        body('Quiet', change),
      );

      expect(status).toBe(400);
      expect(answer.error.message).toContain(member);
      expect(await knex('freezes').select('id')).toEqual([]);
      expect(a.changed).not.toHaveBeenCalled();
    },
  );
});

describe('readFreezeConfig', () => {
  const read = (...freezes: object[]) =>
    readFreezeConfig(
      new ConfigReader({ deploy: { freezes } } as never),
      new Date(),
    );

  it('gives the same ids again, and keeps what is over', () => {
    const over = body('Last year', {
      window: { from: '2020-12-18T00:00:00Z', to: '2021-01-04T00:00:00Z' },
    });

    const [first] = read(over);
    const [second] = read(over);

    expect(first).toMatchObject({ by: 'configuration', id: second.id });
  });

  it.each([
    [
      'a window',
      body('Bad', {
        window: {
          rrule: 'FREQ=SECONDLY',
          timeZone: 'UTC',
          start: '2026-01-01T00:00',
          duration: 'PT1H',
        },
      }),
      'deploy.freezes[0].window.rrule: FREQ',
    ],
    [
      'a key',
      body('Bad', { owner: 'me' }),
      'deploy.freezes[0].freeze: has a member',
    ],
  ])(
    'refuses to start with %s that cannot be used',
    (_case, entry, message) => {
      expect(() => read(entry)).toThrow(message);
    },
  );

  it('refuses two of one title', () => {
    expect(() => read(body('Same'), body('Same'))).toThrow(
      'two with the title "Same"',
    );
  });
});
