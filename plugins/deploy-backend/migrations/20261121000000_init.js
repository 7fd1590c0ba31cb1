// @ts-check

/**
 * Times are ISO 8601 text in UTC with milliseconds, always 24 characters: they sort the same
 * on SQLite and PostgreSQL, and come back as they went in.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('services', table => {
    table.comment('Catalog entities whose deployments are tracked');
    table
      .string('id', 36)
      .primary()
      .comment('Stays when the entity is renamed');
    table.string('entity_ref').notNullable().unique();
    table.string('repository').notNullable().comment('owner/name, lower case');
    table.string('service_key').notNullable().comment('Key in deploy.yaml');
    table
      .string('name')
      .notNullable()
      .comment('Title or name, lower case, for sorting');
    table.text('title');
    table.string('owner').comment('Entity ref of the owner');
    table.string('system').comment('Entity ref of the system');
    table
      .text('annotations')
      .notNullable()
      .comment('Mapping annotations, JSON');
    table.text('spec_url').comment('Where its deploy.yaml is, if it has one');
    table.string('removed_at').comment('When it left the catalog');
    table.index(['repository', 'service_key']);
    table.index(['name', 'id']);
    table.index(['owner']);
    table.index(['spec_url']);
  });

  await knex.schema.createTable('environments', table => {
    table.comment('Named places a service runs in');
    table.string('id', 36).primary();
    table
      .string('service_id', 36)
      .notNullable()
      .references('id')
      .inTable('services')
      .onDelete('CASCADE');
    table.string('name').notNullable();
    table.string('tier').notNullable();
    table.text('url');
    table.integer('position').notNullable().comment('First stop is 0');
    table
      .boolean('declared')
      .notNullable()
      .comment('Named by spec, annotation or rule');
    table.boolean('enforced').notNullable().defaultTo(false);
    table.text('definition').comment('Its part of deploy.yaml, JSON');
    table.string('current_deployment_id', 36);
    table.string('latest_deployment_id', 36);
    table
      .string('last_deployed_at')
      .comment('When the current deployment finished');
    table.unique(['service_id', 'name']);
  });

  await knex.schema.createTable('releases', table => {
    table.comment('What can be deployed: a service at a commit');
    table.string('id', 36).primary();
    table
      .string('service_id', 36)
      .notNullable()
      .references('id')
      .inTable('services')
      .onDelete('CASCADE');
    table.string('commit_sha', 64).notNullable();
    table.text('version');
    table.text('artifact').comment('Image digest or tarball hash');
    table.string('created_at').notNullable();
    table.unique(['service_id', 'commit_sha']);
  });

  await knex.schema.createTable('traces', table => {
    table.comment('What is known of one pipeline run, folded from its events');
    table.string('key').primary();
    table.string('repository').notNullable();
    table.text('state', 'longtext').notNullable().comment('JSON');
    table.string('run_id');
    table.string('parent_key').comment('The run that started it');
    table.boolean('triggered').notNullable().comment('Started by workflow_run');
    table.string('started_at').comment('Creation of its first attempt');
    table.string('completed_at').comment('Completion of its last attempt');
    table.string('updated_at').notNullable();
    table.index(['repository', 'completed_at']);
    table.index(['repository', 'triggered', 'started_at']);
    table.index(['repository', 'updated_at']);
  });

  await knex.schema.createTable('trace_aliases', table => {
    table.comment(
      'Which trace a deployment recorded at its source ended up in',
    );
    table.string('alias').primary();
    table.string('key').notNullable();
  });

  await knex.schema.createTable('deployments', table => {
    table.comment('Attempts to put a release into an environment');
    table.string('id', 36).primary();
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
    table
      .string('release_id', 36)
      .notNullable()
      .references('id')
      .inTable('releases');
    table.string('trace_key').comment('The trace it was folded from');
    table.string('source').notNullable();
    table
      .string('outcome')
      .notNullable()
      .comment('Status as its own events tell it');
    table.string('status').notNullable().comment('Status among its neighbours');
    table.text('ref');
    table.text('actor');
    table.text('title');
    table.text('url');
    table.text('job_name');
    table.string('run_id');
    table.integer('attempt');
    table
      .boolean('asked_first')
      .notNullable()
      .comment('Its run asked to be let into the environment');
    table
      .boolean('guessed')
      .notNullable()
      .comment('Mapped by the name of its job alone');
    table.string('created_at').notNullable();
    table.string('started_at');
    table.string('finished_at');
    table.unique(['source', 'environment_id']);
    table.index(['service_id', 'created_at', 'id']);
    table.index(['environment_id', 'created_at', 'id']);
    table.index(['environment_id', 'outcome', 'finished_at']);
    table.index(['release_id']);
    table.index(['trace_key']);
  });

  await knex.schema.createTable('events', table => {
    table.comment(
      'Append-only log of what came in; pruned after its retention',
    );
    table.bigIncrements('id');
    table
      .string('digest', 64)
      .notNullable()
      .unique()
      .comment('Of topic and payload');
    table.string('topic').notNullable();
    table.string('repository').comment('Once understood');
    table.text('payload', 'longtext').notNullable();
    table.string('received_at').notNullable();
    table
      .string('state')
      .notNullable()
      .comment('pending, done, unmatched, rejected');
    table
      .string('due_at')
      .notNullable()
      .comment('Not before, for pending ones');
    table.integer('attempts').notNullable().defaultTo(0);
    table.index(['state', 'due_at', 'id']);
    table.index(['repository', 'state']);
    table.index(['received_at']);
  });

  await knex.schema.createTable('ingest_problems', table => {
    table.comment('What could not be used, one row per kind and subject');
    table.string('id', 36).primary();
    table.string('kind').notNullable();
    table.string('repository').notNullable().defaultTo('');
    table.string('subject').notNullable().defaultTo('');
    table.text('message').notNullable();
    table.integer('count').notNullable();
    table.string('first_seen_at').notNullable();
    table.string('last_seen_at').notNullable();
    table.unique(['kind', 'repository', 'subject']);
    table.index(['last_seen_at', 'id']);
  });

  await knex.schema.createTable('poll_marks', table => {
    table.comment('How far repositories are polled');
    table.string('repository').primary();
    table
      .string('polled_until')
      .notNullable()
      .comment('Start of the last pass that came to its end');
  });

  await knex.schema.createTable('specs', table => {
    table.comment(
      'deploy.yaml files: the last good one, and what is wrong since',
    );
    table.string('url', 1000).notNullable();
    table
      .string('repository')
      .notNullable()
      .comment('Of the entities that name it: others cannot speak for them');
    table.string('commit_sha', 64);
    table.text('content', 'longtext').comment('Last good spec, JSON');
    table.string('etag');
    table.text('problem');
    table.integer('problem_line');
    table.string('problem_since');
    table.string('checked_at');
    table.primary(['url', 'repository']);
    table.index(['repository']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const table of [
    'specs',
    'poll_marks',
    'ingest_problems',
    'events',
    'deployments',
    'trace_aliases',
    'traces',
    'releases',
    'environments',
    'services',
  ]) {
    await knex.schema.dropTable(table);
  }
};
