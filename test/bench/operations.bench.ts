import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoggerService } from '@backstage/backend-plugin-api';
import { OperationEngine } from '@vvp/backstage-plugin-deploy-backend/src/operations/engine/OperationEngine';
import { applyMigrations } from '@vvp/backstage-plugin-deploy-backend/src/store/applyMigrations';
import knexFactory, { Knex } from 'knex';
import { report } from './report';
import { percentile, runAll, secondsOf } from './tools';

const OPERATIONS = 400;
const CONCURRENCY = 8;
const SEQUENTIAL = 100;
const QUEUED = 1_000;

/** How long an engine without work is watched, in seconds. */
const WATCHED_SECONDS = 15;

const silent: LoggerService = {
  error: message => process.stderr.write(`${message}\n`),
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => silent,
};

interface Environment {
  serviceId: string;
  environmentId: string;
}

async function addEnvironments(
  knex: Knex,
  count: number,
): Promise<Environment[]> {
  const ids = Array.from({ length: count }, () => ({
    serviceId: randomUUID(),
    environmentId: randomUUID(),
  }));
  await knex.batchInsert(
    'services',
    ids.map(({ serviceId }) => ({
      id: serviceId,
      entity_ref: `component:default/${serviceId}`,
      repository: 'example-org/vvp',
      service_key: serviceId,
      name: serviceId,
      annotations: '{}',
    })),
    50,
  );
  await knex.batchInsert(
    'environments',
    ids.map(({ serviceId, environmentId }) => ({
      id: environmentId,
      service_id: serviceId,
      name: 'production',
      tier: 'production',
      position: 0,
      declared: true,
      enforced: false,
    })),
    50,
  );
  return ids;
}

/** An engine whose only runner tells when it was called. */
function startEngine(knex: Knex) {
  const called = new Map<string, () => void>();
  const ended = new Map<string, () => void>();
  const engine = new OperationEngine({
    knex,
    runners: {
      nothing: {
        execute: async operation => {
          called.get(operation.environmentId)?.();
          return {};
        },
        compensate: async () => {},
      },
    },
    hooks: {
      admit: async () => undefined,
      onTransition: async (tx, { operation, outcome }) => {
        if (outcome) {
          void tx.executionPromise.then(() =>
            ended.get(operation.environmentId)?.(),
          );
        }
      },
      onChange: () => {},
    },
    logger: silent,
    limits: { concurrency: CONCURRENCY },
  });
  const submit = (
    environment: Environment,
    lockKey: string = environment.environmentId,
  ) =>
    engine.submit({
      ...environment,
      kind: 'restart',
      lockKey,
      requestedBy: 'user:default/dana',
      automatic: false,
      context: {},
      steps: [{ runner: 'nothing', name: 'nothing', title: '', input: {} }],
    });
  const until = (
    map: Map<string, () => void>,
    { environmentId }: Environment,
  ) =>
    new Promise<void>(resolve => {
      map.set(environmentId, resolve);
    });
  return { engine, submit, called, ended, until };
}

/** What an operation of one step needs at the least: to be stored, claimed, begun and ended. */
async function fourTransactions(knex: Knex): Promise<void> {
  const id = randomUUID();
  await knex.transaction(async tx => {
    await tx('bench_rows').insert({ id, payload: '{}', state: 0 });
  });
  for (let state = 1; state <= 3; state++) {
    await knex.transaction(async tx => {
      await tx('bench_rows').where({ id }).update({ state });
    });
  }
}

async function countQueries(
  knex: Knex,
  work: () => Promise<unknown>,
): Promise<number> {
  let count = 0;
  const add = () => {
    count += 1;
  };
  knex.on('query', add);
  await work();
  knex.removeListener('query', add);
  return count;
}

async function measure(name: string, knex: Knex): Promise<void> {
  await applyMigrations(knex);
  await knex.schema.createTable('bench_rows', table => {
    table.string('id', 36).primary();
    table.text('payload').notNullable();
    table.integer('state').notNullable();
  });
  const { engine, submit, called, ended, until } = startEngine(knex);
  const watch = () =>
    countQueries(
      knex,
      () =>
        new Promise(resolve => {
          setTimeout(resolve, WATCHED_SECONDS * 1000);
        }),
    );
  try {
    engine.start();
    await runAll(await addEnvironments(knex, 50), 1, async environment => {
      const end = until(ended, environment);
      await submit(environment);
      await end;
    });

    const latencies: number[] = [];
    await runAll(
      await addEnvironments(knex, SEQUENTIAL),
      1,
      async environment => {
        const call = until(called, environment);
        const end = until(ended, environment);
        const start = performance.now();
        await submit(environment);
        await call;
        latencies.push(performance.now() - start);
        await end;
      },
    );
    report({
      name: `operation asked for to its first step, median, ${name}`,
      value: percentile(latencies, 0.5),
      unit: 'ms',
    });

    const environments = await addEnvironments(knex, OPERATIONS);
    const seconds = await secondsOf(() =>
      runAll(environments, CONCURRENCY, async environment => {
        const end = until(ended, environment);
        await submit(environment);
        await end;
      }),
    );
    const baseSeconds = await secondsOf(() =>
      runAll(environments, CONCURRENCY, () => fourTransactions(knex)),
    );
    report({
      name: `operations of one step, ${CONCURRENCY} at a time, ${name}`,
      value: OPERATIONS / seconds,
      unit: 'operations/s',
      baseline: OPERATIONS / baseSeconds,
    });

    const idle = await watch();
    await engine.stop();
    await fillQueue(knex, submit);
    engine.start();
    const busy = await watch();
    report({
      name: `queries with ${QUEUED} operations queued, beside none, ${name}`,
      value: busy / WATCHED_SECONDS,
      unit: 'queries/s',
      baseline: idle / WATCHED_SECONDS,
    });
  } finally {
    await engine.stop();
    await knex.destroy();
  }
}

/** So many wait for one that another process runs. */
async function fillQueue(
  knex: Knex,
  submit: (environment: Environment, lockKey: string) => Promise<unknown>,
): Promise<void> {
  const lockKey = 'azure-vm:vvp/vvp-pbx';
  for (const environment of await addEnvironments(knex, QUEUED + 1)) {
    await submit(environment, lockKey);
  }
  const first = await knex('operations')
    .where('lock_key', lockKey)
    .orderBy('position')
    .first('id');
  await knex('operations')
    .where('id', first.id)
    .update({
      status: 'running',
      lease_owner: 'another process',
      lease_until: new Date(Date.now() + 3_600_000).toISOString(),
    });
}

async function main(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'deploy-bench-'));
  const sqlite = knexFactory({
    client: 'better-sqlite3',
    connection: { filename: join(directory, 'deploy.sqlite') },
    useNullAsDefault: true,
  });
  await sqlite.raw('pragma journal_mode = wal');
  await measure('SQLite', sqlite);
  await rm(directory, { recursive: true });

  const url = process.env.BENCH_POSTGRES_CONNECTION_STRING ?? '';
  const admin = knexFactory({ client: 'pg', connection: url });
  await admin.raw('drop database if exists bench_operations');
  await admin.raw('create database bench_operations');
  const { hostname, port, username, password } = new URL(url);
  await measure(
    'PostgreSQL',
    knexFactory({
      client: 'pg',
      connection: {
        host: hostname,
        port: Number(port),
        user: username,
        password,
        database: 'bench_operations',
      },
    }),
  );
  await admin.raw('drop database bench_operations');
  await admin.destroy();
}

main().then(
  () => process.exit(0),
  cause => {
    process.stderr.write(`${cause instanceof Error ? cause.stack : cause}\n`);
    process.exit(1);
  },
);
