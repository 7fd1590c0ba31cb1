import './shareValidation';
import { createHmac } from 'node:crypto';
import {
  BackendFeature,
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestDatabaseId,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import eventsPlugin from '@backstage/plugin-events-backend';

import {
  DefaultEventsService,
  eventsServiceRef,
} from '@backstage/plugin-events-node';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { JsonObject } from '@backstage/types';
import createKnex, { Knex } from 'knex';
import request from 'supertest';
import deployPlugin, { deployEventsModule } from '../index';
import { assertMatchesDocument } from './assertMatchesDocument';
import { githubEventsModules } from './githubEventsModules';
import { migratedDatabase } from './migratedDatabase';

export const WEBHOOK_SECRET = 'test-webhook-secret';

export type TestBackend = Awaited<ReturnType<typeof startDeployBackend>>;

/**
 * The plugin in a backend of its own, with the events backend in front of it as in a portal,
 * on a real database. Catalog, files and permission policy are the test's.
 */
export async function startDeployBackend(options: {
  databases: TestDatabases;
  databaseId: TestDatabaseId;
  entities?: Entity[];
  /** Database of another backend, whose replica this one is. */
  knex?: Knex;
  /** Users and groups of the catalog; may be changed while it runs. */
  people?: Entity[];
  /** Files that the URL reader finds, by URL; left out, it reads by `config.integrations`. */
  files?: Record<string, string>;
  config?: JsonObject;
  /** More features of the backend. */
  features?: BackendFeature[];
  decide?: (permission: string) => PolicyDecision;
  /** Decides in place of `decide`. */
  permissions?: BackendFeature;
}) {
  const entities = [...(options.entities ?? [])];
  const people = options.people ?? [];
  const files = new Map(Object.entries(options.files ?? {}));
  const decide = options.decide ?? (() => ({ result: AuthorizeResult.ALLOW }));
  const knex =
    options.knex ??
    (await migratedDatabase(options.databases, options.databaseId));
  const others: Knex[] = [];
  const logger = mockServices.logger.mock();
  logger.child.mockReturnValue(logger);
  const events = DefaultEventsService.create({ logger });
  const signals: { channel: string; message: JsonObject }[] = [];
  await events.subscribe({
    id: 'test',
    topics: ['signals'],
    onEvent: async ({ eventPayload }) => {
      signals.push(eventPayload as (typeof signals)[number]);
    },
  });
  const tasks = new Map<string, (signal: AbortSignal) => unknown>();
  const run = async (
    task:
      | 'catalog-sync'
      | 'event-retry'
      | 'spec-refresh'
      | 'event-prune'
      | 'evidence-prune'
      | 'operation-prune'
      | 'poll'
      | 'feedback'
      | 'watch'
      | 'promotions'
      | 'canaries'
      | 'automatic-promotions',
  ) => {
    await tasks.get(`deploy-${task}`)?.(new AbortController().signal);
  };

  const backend = await startTestBackend({
    features: [
      deployPlugin,
      eventsPlugin,
      deployEventsModule,
      ...(options.features ?? []),
      ...githubEventsModules,
      // Each plugin has a database of its own; only ours is of the kind under test.
      createServiceFactory({
        service: coreServices.database,
        deps: { plugin: coreServices.pluginMetadata },
        factory: async ({ plugin }) => {
          const client = plugin.getId() === 'deploy' ? knex : inMemory(others);
          return { getClient: async () => client };
        },
      }),
      mockServices.rootConfig.factory({
        data: {
          events: { modules: { github: { webhookSecret: WEBHOOK_SECRET } } },
          ...options.config,
        },
      }),
      createServiceFactory({
        service: coreServices.logger,
        deps: {},
        factory: () => logger,
      }),
      createServiceFactory({
        service: catalogServiceRef,
        deps: {},
        factory: () =>
          catalogServiceMock.mock({
            streamEntities: async function* stream() {
              yield entities.map(entity => structuredClone(entity));
            },
            getEntitiesByRefs: async (query, given) =>
              catalogServiceMock({ entities: people }).getEntitiesByRefs(
                query,
                given,
              ),
            getEntities: async (query, given) =>
              catalogServiceMock({ entities: people }).getEntities(
                query,
                given,
              ),
          }),
      }),
      options.config?.integrations
        ? mockServices.urlReader.factory()
        : mockServices.urlReader.mock({
            readUrl: async url => {
              const content = files.get(url);
              if (content === undefined) {
                throw new NotFoundError(`no file at ${url}`);
              }
              return { buffer: async () => Buffer.from(content) };
            },
          }).factory,
      options.permissions ??
        mockServices.permissions.mock({
          authorize: async requests =>
            requests.map(({ permission }) => ({
              result:
                decide(permission.name).result === AuthorizeResult.ALLOW
                  ? AuthorizeResult.ALLOW
                  : AuthorizeResult.DENY,
            })),
          authorizeConditional: async requests =>
            requests.map(({ permission }) => decide(permission.name)),
        }).factory,
      createServiceFactory({
        service: eventsServiceRef,
        deps: {},
        factory: () => events,
      }),
      mockServices.scheduler.mock({
        scheduleTask: async ({ id, fn }) => {
          tasks.set(id, fn);
        },
      }).factory,
    ],
  });

  await run('catalog-sync');
  const call = request(backend.server);
  const token = mockCredentials.user.header();

  const answerOf = (
    method: 'get' | 'post' | 'delete',
    path: string,
    response: request.Response,
  ) => {
    assertMatchesDocument(path, response.status, response.body, method);
    return response;
  };

  return {
    knex,
    entities,
    files,
    signals,
    logger,
    /** Where the backend listens. */
    url: `http://127.0.0.1:${backend.server.port()}`,
    async stop() {
      await backend.stop();
      await Promise.all(others.map(other => other.destroy()));
    },

    /** Runs a recurring task now, as the scheduler would. */
    run,

    /** Publishes an event as another plugin would. */
    publish: (topic: string, eventPayload: unknown) =>
      events.publish({ topic, eventPayload }),

    /** Posts a webhook as GitHub does. */
    async deliver(
      event: string,
      payload: unknown,
      signature?: (body: string) => string | undefined,
    ) {
      const body =
        typeof payload === 'string' ? payload : JSON.stringify(payload);
      const signed = signature ? signature(body) : signatureOf(body);
      const post = call
        .post('/api/events/http/github')
        .set('Content-Type', 'application/json')
        .set('X-GitHub-Event', event)
        .set('X-GitHub-Delivery', 'not-kept-by-the-bus');
      if (signed) {
        post.set('X-Hub-Signature-256', signed);
      }
      return post.send(body);
    },

    /** The OpenAPI document, as it is served. */
    async document() {
      const { body } = await call
        .get('/api/deploy/openapi.json')
        .set('Authorization', token);
      return body;
    },

    /** Reads from the API; whatever it answers has to be what the document promises. */
    async get(path: string, header = token) {
      return answerOf(
        'get',
        path,
        await call.get(`/api/deploy${path}`).set('Authorization', header),
      );
    },

    /** Deletes by the API. */
    async delete(path: string, header = token) {
      return answerOf(
        'delete',
        path,
        await call.delete(`/api/deploy${path}`).set('Authorization', header),
      );
    },

    /** Posts JSON to the API. */
    async post(
      path: string,
      body: object,
      header = token,
      headers: Record<string, string> = {},
    ) {
      return answerOf(
        'post',
        path,
        await call
          .post(`/api/deploy${path}`)
          .set('Authorization', header)
          .set(headers)
          .send(body),
      );
    },

    /** Posts a report as a job does; without a header as nobody. */
    async report(
      query: Record<string, string>,
      body: string | Buffer,
      sent: { header?: string; headers?: Record<string, string> } = {},
    ) {
      const { header = token } = sent;
      const path = '/evidence';
      return answerOf(
        'post',
        path,
        await call
          .post(`/api/deploy${path}`)
          .query(query)
          .set('Content-Type', 'application/octet-stream')
          .set({ ...(header && { Authorization: header }) })
          .set(sent.headers ?? {})
          // As it is: supertest would write JSON.
          .serialize(content => content)
          .send(body),
      );
    },
  };
}

function inMemory(kept: Knex[]): Knex {
  const knex = createKnex({
    client: 'better-sqlite3',
    connection: ':memory:',
    useNullAsDefault: true,
  });
  kept.push(knex);
  return knex;
}

export function signatureOf(body: string, secret = WEBHOOK_SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}
