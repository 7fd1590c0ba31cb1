// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('promotions', table => {
    table.comment('Requests to move a release into an environment');
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
      .inTable('releases')
      .onDelete('CASCADE');
    table
      .string('artifact')
      .comment('Of the release when it was asked for; absent if not known');
    table.string('class').notNullable().comment('regular, hotfix');
    table.string('status').notNullable();
    table
      .text('state', 'longtext')
      .notNullable()
      .comment('PromotionState, JSON: everything that decides');
    table
      .integer('version')
      .notNullable()
      .defaultTo(0)
      .comment('Grows with each change; who changes it has seen this one');
    table.string('requested_by').notNullable();
    table.text('reason');
    table.string('seam').notNullable();
    table.integer('required_approvals').notNullable();
    table.string('repository').notNullable();
    table.string('run_id').comment('The run that waits for it');
    table.string('run_started_by').comment('Entity ref, or github:<login>');
    table
      .string('operation_id', 36)
      .comment('The operation that carries it out');
    table.string('deployment_id', 36).comment('What came of it');
    table
      .string('go_ahead_at')
      .comment('When the pipeline or the operation was told, for sure');
    table.string('idempotency', 64).unique();
    table.string('request_digest', 64);
    table.string('due_at').comment('When it is to be looked at again');
    table.string('created_at').notNullable();
    table.string('updated_at').notNullable();
    table.string('expires_at').notNullable();
    table.string('finished_at');
    table.index(['environment_id', 'status']);
    table.index(['service_id', 'created_at', 'id']);
    table.index(['status', 'due_at']);
    table.index(['repository', 'run_id']);
    table.index(['created_at', 'id']);
  });
  // One at a time for a release in an environment.
  await knex.raw(
    "create unique index promotions_one_per_release on promotions (environment_id, release_id) where status in ('gated', 'awaiting_approval', 'approved', 'executing', 'verifying')",
  );
  // Never two on their way into one environment.
  await knex.raw(
    "create unique index promotions_one_executing on promotions (environment_id) where status = 'executing'",
  );

  await knex.schema.createTable('promotion_events', table => {
    table.comment('History of promotions');
    table
      .string('promotion_id', 36)
      .notNullable()
      .references('id')
      .inTable('promotions')
      .onDelete('CASCADE');
    table.integer('sequence').notNullable();
    table.string('at').notNullable();
    table.string('by');
    table.string('type').notNullable();
    table.text('text').notNullable();
    table.text('comment');
    table.primary(['promotion_id', 'sequence']);
  });

  await knex.schema.createTable('promotion_approvers', table => {
    table.comment('Whose voice a promotion waits for, to be found by them');
    table
      .string('promotion_id', 36)
      .notNullable()
      .references('id')
      .inTable('promotions')
      .onDelete('CASCADE');
    table
      .string('ref')
      .notNullable()
      .comment('Entity ref of a user, or * for whoever has deploy.approve');
    table.primary(['promotion_id', 'ref']);
    table.index(['ref']);
  });

  await knex.schema.createTable('protection_callbacks', table => {
    table.comment(
      'Questions of GitHub whether a job may go into an environment',
    );
    table.string('id', 36).primary();
    table.string('repository').notNullable();
    table.string('run_id').notNullable();
    table.string('environment').notNullable().comment('As GitHub names it');
    table
      .string('deployment')
      .notNullable()
      .comment("GitHub's id of the deployment");
    table.string('commit_sha', 64);
    table.string('ref');
    table.string('creator').comment('Login of who started the run');
    table
      .string('state')
      .notNullable()
      .comment('pending, answering, approved, rejected, gone');
    table
      .string('decision')
      .comment(
        'approved, rejected: what GitHub is being told, or was; kept before it is told',
      );
    table.text('told').comment('The comment that GitHub was given last');
    table.string('told_at').comment('When that was');
    table.integer('comments').notNullable().defaultTo(0);
    table.integer('attempts').notNullable().defaultTo(0);
    table.string('problem').comment('Why it could not be answered, for people');
    table.string('lease_owner');
    table.string('lease_until');
    table.string('due_at').notNullable();
    table.string('asked_at').notNullable();
    table.string('answered_at');
    table.unique(['repository', 'run_id', 'environment', 'deployment']);
    table.index(['state', 'due_at']);
  });

  await knex.schema.createTable('freezes', table => {
    table.comment('Times in which nothing is deployed; those ended are kept');
    table.string('id', 36).primary();
    table.string('title').notNullable();
    table.text('reason').notNullable();
    table.text('scope').notNullable().comment('FreezeScope, JSON');
    table.text('window').notNullable().comment('FreezeWindow, JSON');
    table.text('allows').notNullable().comment('FreezeExemption[], JSON');
    table.string('set_by').notNullable();
    table.string('created_at').notNullable();
    table
      .string('ends_at')
      .comment('When its last window ends; absent if it recurs for ever');
    table.string('ended_at');
    table.string('ended_by');
    table.index(['ended_at', 'created_at', 'id']);
  });

  await knex.schema.createTable('freeze_scopes', table => {
    table.comment('What the scopes of freezes name, to be joined');
    table
      .string('freeze_id', 36)
      .notNullable()
      .references('id')
      .inTable('freezes')
      .onDelete('CASCADE');
    table
      .string('kind', 16)
      .notNullable()
      .comment('tiers, environments, systems, services');
    table.string('name').notNullable();
    table.primary(['freeze_id', 'kind', 'name']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const table of [
    'freeze_scopes',
    'freezes',
    'protection_callbacks',
    'promotion_approvers',
    'promotion_events',
    'promotions',
  ]) {
    await knex.schema.dropTable(table);
  }
};
