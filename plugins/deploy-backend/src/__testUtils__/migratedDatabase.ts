import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabaseId, TestDatabases } from '@backstage/backend-test-utils';
import createKnex, { Knex } from 'knex';
import { applyMigrations } from '../store/applyMigrations';

const server =
  process.env.BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING ?? '';

/** What each suite has to clear away, with the connection that it does so by. */
const copies = new WeakMap<TestDatabases, { admin: Knex; made: Knex[] }>();

/**
 * A database of the newest schema. On PostgreSQL it is the copy of one that was migrated once: a copy takes
 * a sixth of the time that the migrations take, and most tests begin with one.
 */
export async function migratedDatabase(
  databases: TestDatabases,
  id: TestDatabaseId,
): Promise<Knex> {
  if (id !== 'POSTGRES_15' || !server) {
    const knex = await databases.init(id);
    await applyMigrations(knex);
    await keepStatements(knex);
    return knex;
  }
  const { admin, made } = copiesOf(databases);
  const name = `db${randomBytes(16).toString('hex')}`;
  // A copy of its files is a third of the work of a copy by way of the log, which is the default.
  await admin.raw('create database ?? template ?? strategy file_copy', [
    name,
    await templateOn(admin),
  ]);
  const knex = connect(name);
  made.push(knex);
  return knex;
}

/** More than a test asks; some differ only in the length of a list. */
const MOST_STATEMENTS = 1_000;

/** To parse a statement takes SQLite longer than most of them run, and the tests ask the same ones again and again. */
async function keepStatements(knex: Knex): Promise<void> {
  const connection = await knex.client.acquireConnection();
  const prepare = connection.prepare.bind(connection);
  const kept = new Map<string, unknown>();
  connection.prepare = (sql: string) => {
    const statement = kept.get(sql) ?? prepare(sql);
    if (kept.size >= MOST_STATEMENTS) {
      kept.clear();
    }
    kept.set(sql, statement);
    return statement;
  };
  await knex.client.releaseConnection(connection);
}

function copiesOf(databases: TestDatabases) {
  const known = copies.get(databases);
  if (known) {
    return known;
  }
  const own = { admin: connect('postgres'), made: [] as Knex[] };
  copies.set(databases, own);
  // They are cleared away when the others are, in the hook that `TestDatabases` sets up itself.
  const withShutdown = databases as unknown as { shutdown(): Promise<void> };
  const shutdown = withShutdown.shutdown.bind(databases);
  withShutdown.shutdown = async () => {
    // At once, as the hook has a minute: each waits for the disk, and they can do so together.
    await Promise.all(
      own.made.map(async knex => {
        const { database } = knex.client.config.connection;
        await knex.destroy();
        await own.admin.raw('drop database if exists ?? with (force)', [
          database,
        ]);
      }),
    );
    await own.admin.destroy();
    await shutdown();
  };
  return own;
}

/** Makes the database that is copied, unless another suite did. */
async function templateOn(admin: Knex): Promise<string> {
  const name = `deploy_${hashOfMigrations()}`;
  const isThere = async () =>
    (await admin('pg_database').where({ datname: name })).length > 0;
  if (await isThere()) {
    return name;
  }
  await admin.transaction(async lock => {
    await lock.raw('select pg_advisory_xact_lock(hashtext(?))', [name]);
    if (await isThere()) {
      return;
    }
    const unfinished = `${name}_${randomBytes(4).toString('hex')}`;
    await admin.raw('create database ??', [unfinished]);
    const knex = connect(unfinished);
    try {
      await applyMigrations(knex);
    } finally {
      await knex.destroy();
    }
    await admin.raw('alter database ?? rename to ??', [unfinished, name]);
  });
  return name;
}

function connect(database: string): Knex {
  const { username, password, hostname, port } = new URL(server);
  return createKnex({
    client: 'pg',
    connection: {
      host: hostname,
      port: Number(port || 5432),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database,
    },
    pool: {
      min: 0,
      max: 5,
      idleTimeoutMillis: 5_000,
      reapIntervalMillis: 1_000,
    },
  });
}

let hash: string | undefined;

function hashOfMigrations(): string {
  if (!hash) {
    const directory = resolvePackagePath(
      '@vvp/backstage-plugin-deploy-backend',
      'migrations',
    );
    const digest = createHash('sha256');
    for (const file of readdirSync(directory).sort()) {
      digest.update(readFileSync(path.join(directory, file)));
    }
    hash = digest.digest('hex').slice(0, 16);
  }
  return hash;
}
