// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('operations', table => {
    table.comment('Durable runs of steps against a target');
    table.string('id', 36).primary();
    table
      .bigInteger('position')
      .notNullable()
      .unique()
      .comment('Order of arrival');
    table
      .string('service_id', 36)
      .notNullable()
      .references('id')
      .inTable('services')
      .onDelete('CASCADE');
    table
      .string('environment_id', 36)
      .notNullable()
      .references('id')
      .inTable('environments')
      .onDelete('CASCADE');
    table.string('kind').notNullable();
    table
      .string('status')
      .notNullable()
      .comment('queued, running, succeeded, failed, cancelled');
    table
      .string('phase')
      .notNullable()
      .comment('forward, or compensating after a failure or cancellation');
    table
      .string('lock_key', 500)
      .notNullable()
      .comment('Used by one running operation at a time');
    table.string('requested_by').notNullable().comment('Entity ref');
    table
      .boolean('automatic')
      .notNullable()
      .comment('Started by a policy, not a person');
    table.text('reason');
    table.text('from').comment('RevisionReference, JSON');
    table.text('to').comment('RevisionReference, JSON');
    table
      .string('from_release_id', 36)
      .references('id')
      .inTable('releases')
      .onDelete('SET NULL');
    table
      .string('to_release_id', 36)
      .references('id')
      .inTable('releases')
      .onDelete('SET NULL');
    table
      .text('context', 'longtext')
      .notNullable()
      .comment('What its steps need to know, JSON; never a secret');
    table
      .string('idempotency', 64)
      .unique()
      .comment('Digest of caller and Idempotency-Key');
    table
      .string('request_digest', 64)
      .comment('Of the request that came with the key');
    table.string('created_at').notNullable();
    table.string('started_at');
    table.string('finished_at');
    table
      .string('due_at')
      .notNullable()
      .comment('Not before, after a failure that is tried again');
    table.string('lease_owner').comment('The process that runs it');
    table.string('lease_until');
    table
      .integer('fence')
      .notNullable()
      .defaultTo(0)
      .comment('Grows with each claim');
    table.string('cancel_requested_by');
    table.string('cancel_requested_at');
    table.text('parked').comment('Failure and since when, JSON');
    table.string('outcome');
    table.text('failure').comment('JSON');
    table.index(['status', 'due_at']);
    table.index(['lock_key', 'status', 'position']);
    table.index(['service_id', 'created_at', 'id']);
    table.index(['finished_at']);
  });
  // One at a time for a service in an environment; others with the same lock key queue.
  await knex.raw(
    "create unique index operations_one_per_environment on operations (environment_id) where status in ('queued', 'running')",
  );
  await knex.raw(
    "create unique index operations_one_running_per_lock on operations (lock_key) where status = 'running'",
  );

  await knex.schema.createTable('operation_steps', table => {
    table.comment('Steps of operations, stored before the first one runs');
    table
      .string('operation_id', 36)
      .notNullable()
      .references('id')
      .inTable('operations')
      .onDelete('CASCADE');
    table.integer('position').notNullable();
    table.string('name').notNullable();
    table.text('title').notNullable();
    table.string('runner').notNullable().comment('Whose step it is');
    table.text('input', 'longtext').notNullable().comment('JSON');
    table.integer('timeout_seconds').notNullable();
    table.boolean('compensates').notNullable();
    table.string('status').notNullable();
    table.integer('attempts').notNullable().defaultTo(0);
    table
      .integer('compensation_attempts')
      .notNullable()
      .defaultTo(0)
      .comment('How often undoing it was begun');
    table.text('memory', 'longtext').comment('What it remembered, JSON');
    table.text('output', 'longtext').comment('JSON');
    table.text('failure').comment('JSON');
    table.integer('dropped_lines').notNullable().defaultTo(0);
    table.string('started_at');
    table
      .string('deadline_at')
      .comment('End of its time limit over all attempts');
    table.string('finished_at');
    table.string('undone_at').comment('When undoing it came to its end');
    table.primary(['operation_id', 'position']);
    table.unique(['operation_id', 'name']);
  });

  await knex.schema.createTable('operation_logs', table => {
    table.comment('What steps did, a bounded number of lines for each');
    table
      .string('operation_id', 36)
      .notNullable()
      .references('id')
      .inTable('operations')
      .onDelete('CASCADE');
    table.integer('step').notNullable().comment('Position of the step');
    table.integer('sequence').notNullable();
    table.string('at').notNullable();
    table.string('level').notNullable();
    table.text('text').notNullable();
    table.primary(['operation_id', 'step', 'sequence']);
  });

  await knex.schema.createTable('locks', table => {
    table.comment('Environments that are closed; those released are kept');
    table.string('id', 36).primary();
    table
      .string('environment_id', 36)
      .notNullable()
      .references('id')
      .inTable('environments')
      .onDelete('CASCADE');
    table.string('owner').notNullable();
    table.text('reason').notNullable();
    table.string('since').notNullable();
    table.string('expires_at');
    table.string('released_at');
    table.string('released_by');
    table.index(['environment_id', 'released_at']);
  });
  await knex.raw(
    'create unique index locks_one_per_environment on locks (environment_id) where released_at is null',
  );

  await knex.schema.createTable('holds', table => {
    table.comment(
      'Environments without automatic promotion; those lifted are kept',
    );
    table.string('id', 36).primary();
    table
      .string('environment_id', 36)
      .notNullable()
      .references('id')
      .inTable('environments')
      .onDelete('CASCADE');
    table.string('set_by').notNullable();
    table.text('reason').notNullable();
    table.string('since').notNullable();
    table
      .string('operation_id', 36)
      .references('id')
      .inTable('operations')
      .onDelete('SET NULL');
    table.string('ended_at');
    table.string('ended_by');
    table.index(['environment_id', 'ended_at']);
  });
  await knex.raw(
    'create unique index holds_one_per_environment on holds (environment_id) where ended_at is null',
  );

  await knex.schema.createTable('quarantines', table => {
    table.comment('Releases that may not be deployed; those lifted are kept');
    table.string('id', 36).primary();
    table
      .string('release_id', 36)
      .notNullable()
      .references('id')
      .inTable('releases')
      .onDelete('CASCADE');
    table.string('set_by').notNullable();
    table.text('reason').notNullable();
    table.string('since').notNullable();
    table
      .string('operation_id', 36)
      .references('id')
      .inTable('operations')
      .onDelete('SET NULL');
    table.string('lifted_at');
    table.string('lifted_by');
    table.index(['release_id', 'lifted_at']);
  });
  await knex.raw(
    'create unique index quarantines_one_per_release on quarantines (release_id) where lifted_at is null',
  );

  await knex.schema.createTable('deployment_watches', table => {
    table.comment('Deployments that are looked at until they have proven good');
    table
      .string('deployment_id', 36)
      .primary()
      .references('id')
      .inTable('deployments')
      .onDelete('CASCADE');
    table
      .string('environment_id', 36)
      .notNullable()
      .references('id')
      .inTable('environments')
      .onDelete('CASCADE');
    table
      .string('state')
      .notNullable()
      .comment('watching, healthy, rolled-back, not-possible, replaced');
    table.text('observations', 'longtext').notNullable().comment('JSON');
    table.text('note').comment('What came of it, for people');
    table.string('operation_id', 36).comment('The rollback that it led to');
    table.string('started_at').notNullable();
    table.string('due_at').notNullable();
    table.index(['state', 'due_at']);
    table.index(['started_at']);
  });

  await knex.schema.createTable('commit_ranges', table => {
    table.comment('Commits between two others, as GitHub told them');
    table.string('repository').notNullable();
    table.string('base', 64).notNullable();
    table.string('head', 64).notNullable();
    table.string('state').notNullable();
    table
      .text('commits', 'longtext')
      .notNullable()
      .comment('With the paths of each where they are known, JSON');
    table.string('asked_at').notNullable();
    table.primary(['repository', 'base', 'head']);
    table.index(['asked_at']);
  });

  await knex.schema.alterTable('deployments', table => {
    table
      .text('rolled_back')
      .comment('How it was taken out again, RolledBack, JSON');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('deployments', table => {
    table.dropColumn('rolled_back');
  });
  for (const table of [
    'commit_ranges',
    'deployment_watches',
    'quarantines',
    'holds',
    'locks',
    'operation_logs',
    'operation_steps',
    'operations',
  ]) {
    await knex.schema.dropTable(table);
  }
};
