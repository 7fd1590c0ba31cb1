import {
  coreServices,
  createServiceFactory,
  UrlReaderService,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import type { JsonObject } from '@backstage/types';
import deployPlugin from '@vvp/backstage-plugin-deploy-backend';
import deployModuleAws from '@vvp/backstage-plugin-deploy-backend-module-aws';
import deployModuleAzure from '@vvp/backstage-plugin-deploy-backend-module-azure';
import deployModuleKubernetes from '@vvp/backstage-plugin-deploy-backend-module-kubernetes';
import knexFactory, { Knex } from 'knex';
import { silentLogger } from '../silentLogger';

/**
 * One replica of a portal's backend: the plugin and all targets as they are, with a catalog and files that
 * the test gives. Nothing recurring happens by itself.
 */

/** What the process is told first. */
export interface BackendOrder {
  database: Knex.Config;
  config: JsonObject;
  entities: Entity[];
  /** By URL. */
  files: Record<string, string>;
}

/** What it is told then: to do recurring work, or that GitHub has told something. */
export type BackendRequest =
  | { id: number; task: 'catalog-sync' | 'poll' }
  | { id: number; topic: string; payload: JsonObject };

// Nobody is left to serve.
process.once('disconnect', () => process.exit(1));
process.once('message', (order: BackendOrder) => {
  start(order).then(
    port => process.send?.({ port }),
    error => {
      process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
      process.exit(1);
    },
  );
});

async function start(order: BackendOrder): Promise<number> {
  const { config, entities, files } = order;
  const knex = knexFactory(order.database);
  const tasks = new Map<string, (signal: AbortSignal) => unknown>();
  const events = mockServices.events();
  const scheduler = mockServices.scheduler();
  scheduler.scheduleTask = async ({ id, fn }) => {
    tasks.set(id, fn as (signal: AbortSignal) => unknown);
  };
  const { server } = await startTestBackend({
    features: [
      deployPlugin,
      deployModuleAws,
      deployModuleAzure,
      deployModuleKubernetes,
      mockServices.rootConfig.factory({ data: config }),
      createServiceFactory({
        service: coreServices.database,
        deps: {},
        factory: () => ({ getClient: async () => knex }),
      }),
      createServiceFactory({
        service: coreServices.rootLogger,
        deps: {},
        factory: () => silentLogger,
      }),
      createServiceFactory({
        service: coreServices.logger,
        deps: {},
        factory: () => silentLogger,
      }),
      createServiceFactory({
        service: coreServices.scheduler,
        deps: {},
        factory: () => scheduler,
      }),
      createServiceFactory({
        service: coreServices.urlReader,
        deps: {},
        factory: () => readerOf(files),
      }),
      createServiceFactory({
        service: eventsServiceRef,
        deps: {},
        factory: () => events,
      }),
      createServiceFactory({
        service: catalogServiceRef,
        deps: {},
        factory: () =>
          ({
            streamEntities: async function* stream() {
              yield structuredClone(entities);
            },
          } as unknown as typeof catalogServiceRef.T),
      }),
    ],
  });
  process.on('message', (request: BackendRequest) => {
    const done =
      'task' in request
        ? tasks.get(`deploy-${request.task}`)?.(new AbortController().signal)
        : events.publish({
            topic: request.topic,
            eventPayload: request.payload,
          });
    Promise.resolve(done).then(
      () => process.send?.({ id: request.id }),
      error => process.send?.({ id: request.id, error: String(error) }),
    );
  });
  return server.port();
}

function readerOf(files: Record<string, string>): UrlReaderService {
  return {
    async readUrl(url: string) {
      const text = files[url];
      if (text === undefined) {
        throw new NotFoundError(`There is no file at ${url}.`);
      }
      return { buffer: async () => Buffer.from(text) };
    },
  } as unknown as UrlReaderService;
}
