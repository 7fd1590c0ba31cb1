import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { applyMigrations, revertMigrations } from './applyMigrations';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

describe.each(databases.eachSupportedId())('migrations on %s', databaseId => {
  it('go up, down and up again', async () => {
    const knex = await databases.init(databaseId);

    await applyMigrations(knex);
    expect(await knex.schema.hasTable('deployments')).toBe(true);
    await revertMigrations(knex);
    expect(await knex.schema.hasTable('deployments')).toBe(false);
    await applyMigrations(knex);
    expect(await knex.schema.hasTable('deployments')).toBe(true);
  });

  it.each([
    [
      'the history of a service',
      'select * from deployments where service_id = ? order by created_at desc, id desc limit 20',
      'service_id_created_at',
    ],
    [
      'the current deployment of an environment',
      "select * from deployments where environment_id = ? and outcome = 'succeeded' order by finished_at desc limit 1",
      'environment_id_outcome_finished_at',
    ],
    [
      'events that are due',
      "select * from events where state = 'pending' and due_at <= ? order by id limit 100",
      'state_due_at',
    ],
    [
      'quarantined revisions of an environment',
      'select * from quarantined_revisions where environment_id = ? and lifted_at is null',
      'environment_id',
    ],
    [
      'deployments of a trace',
      'select * from deployments where trace_key = ?',
      'trace_key',
    ],
    [
      'environments on one target',
      'select * from environment_targets where identity = ?',
      'environment_targets_identity',
    ],
  ])('have an index for %s', async (_case, sql, index) => {
    const knex = await databases.init(databaseId);
    await applyMigrations(knex);

    expect(await explain(knex, sql)).toContain(index);
  });
});

async function explain(knex: Knex, sql: string): Promise<string> {
  if (knex.client.config.client === 'pg') {
    return knex.transaction(async tx => {
      // On empty tables the planner would rather read them whole.
      await tx.raw('set local enable_seqscan = off');
      const { rows } = await tx.raw(`explain ${sql}`, ['x']);
      return JSON.stringify(rows);
    });
  }
  return JSON.stringify(await knex.raw(`explain query plan ${sql}`, ['x']));
}
