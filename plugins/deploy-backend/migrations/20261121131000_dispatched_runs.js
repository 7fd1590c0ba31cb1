// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('dispatched_runs', table => {
    table.comment(
      'Runs that operations dispatched: what they deploy stands in their inputs, which GitHub does not tell',
    );
    table.string('repository').notNullable();
    table.string('run_id').notNullable();
    table
      .string('environment_id', 36)
      .notNullable()
      .references('id')
      .inTable('environments')
      .onDelete('CASCADE');
    table.string('commit_sha', 64).notNullable().comment('What it deploys');
    table.string('operation_id', 36).notNullable();
    table.string('conclusion').comment('As GitHub says it; once it has ended');
    table.string('finished_at');
    table.primary(['repository', 'run_id']);
    table.index(['environment_id', 'conclusion', 'finished_at']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('dispatched_runs');
};
