/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('deployment_tests', table => {
    table.comment('Results posted to /admin/deployment-tests, as they came');
    table.string('id', 36).primary();
    table.string('commit_sha', 64).notNullable();
    table
      .string('digest', 64)
      .notNullable()
      .unique()
      .comment('Of the content and of the result before it on this commit');
    table.string('content_digest', 64).notNullable();
    table.string('key_name').notNullable().comment('Of the API key');
    table.string('received_at', 24).notNullable();
    table.text('payload', 'longtext').notNullable().comment('JSON');
    table.index(['received_at', 'id']);
    table.index(['commit_sha', 'received_at', 'id']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('deployment_tests');
};
