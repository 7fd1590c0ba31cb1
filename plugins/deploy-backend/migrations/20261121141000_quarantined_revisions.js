// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('quarantined_revisions', table => {
    table.comment(
      'Revisions that may not be put back where they were, whatever release is in them; those lifted are kept',
    );
    table.string('id', 36).primary();
    table
      .string('environment_id', 36)
      .notNullable()
      .references('id')
      .inTable('environments')
      .onDelete('CASCADE');
    table
      .string('revision', 500)
      .notNullable()
      .comment('As the target named it at that time');
    table
      .string('artifact')
      .comment(
        'Digest of what it runs, for targets that name the same content anew; null if it tells none',
      );
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
    table.index(['environment_id', 'lifted_at']);
  });
  await knex.raw(
    'create unique index quarantined_revisions_one_each on quarantined_revisions (environment_id, revision) where lifted_at is null',
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('quarantined_revisions');
};
