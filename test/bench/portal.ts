import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBackend } from '@backstage/backend-defaults';
import {
  BackendFeature,
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { ConfigReader } from '@backstage/config';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { JsonObject } from '@backstage/types';
import knexFactory, { Knex } from 'knex';

/** A database that a bench runs on. */
export interface BenchDatabase {
  name: string;
  config: JsonObject;
  /** The plugin's own database, opened beside it. */
  connect(): Knex;
}

type Entities = NonNullable<
  NonNullable<Parameters<typeof catalogServiceMock>[0]>['entities']
>;

type Feature = BackendFeature | Promise<{ default: BackendFeature }>;

/** A whole backend with the plugin, and a catalog of these entities. */
export async function startPortal(
  database: BenchDatabase,
  port: number,
  options: { entities: Entities; config?: JsonObject; features?: Feature[] },
) {
  const { entities } = options;
  const { backend: backendConfig, ...rest } = options.config ?? {};
  const config = new ConfigReader({
    backend: {
      baseUrl: `http://127.0.0.1:${port}`,
      listen: { host: '127.0.0.1', port },
      database: database.config,
      ...(backendConfig as JsonObject | undefined),
    },
    ...rest,
  });
  const logger = {
    error: (message: string) => process.stderr.write(`${message}\n`),
    warn: () => {},
    info: () => {},
    debug: () => {},
    child: () => logger,
  };
  const backend = createBackend();
  backend.add(
    createServiceFactory({
      service: coreServices.rootConfig,
      deps: {},
      factory: () => config,
    }),
  );
  backend.add(
    createServiceFactory({
      service: coreServices.rootLogger,
      deps: {},
      factory: () => logger,
    }),
  );
  backend.add(
    createServiceFactory({
      service: catalogServiceRef,
      deps: {},
      factory: () => ({
        ...catalogServiceMock({ entities }),
        streamEntities: async function* stream() {
          yield entities;
        },
      }),
    }),
  );
  backend.add(import('@vvp/backstage-plugin-deploy-backend'));
  for (const feature of options.features ?? []) {
    backend.add(feature);
  }
  await backend.start();
  return backend;
}

/** A port of loopback that nobody listens on. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise(resolve => {
    server.close(resolve);
  });
  return typeof address === 'object' && address ? address.port : 0;
}

/** Measures on SQLite, and on the PostgreSQL that `npm run bench` started. */
export async function onBothDatabases(
  measure: (database: BenchDatabase) => Promise<void>,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'deploy-bench-'));
  await measure({
    name: 'SQLite',
    config: { client: 'better-sqlite3', connection: { directory } },
    connect: () =>
      knexFactory({
        client: 'better-sqlite3',
        connection: { filename: join(directory, 'deploy.sqlite') },
        useNullAsDefault: true,
      }),
  });
  await rm(directory, { recursive: true });

  const connection = process.env.BENCH_POSTGRES_CONNECTION_STRING ?? '';
  const { hostname, port, username, password } = new URL(connection);
  const credentials = {
    host: hostname,
    port: Number(port),
    user: username,
    password,
  };
  await measure({
    name: 'PostgreSQL',
    config: { client: 'pg', connection: credentials },
    connect: () =>
      knexFactory({
        client: 'pg',
        connection: { ...credentials, database: 'backstage_plugin_deploy' },
      }),
  });
}
