// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('policies_in_force', table => {
    table.comment(
      'What was asked of promotions into an environment, until a release is let in under what deploy.yaml asks now',
    );
    table
      .string('environment_id', 36)
      .primary()
      .references('id')
      .inTable('environments')
      .onDelete('CASCADE');
    table
      .text('demands', 'longtext')
      .notNullable()
      .comment('PolicyDemand[], JSON: all of them hold');
    table.string('updated_at').notNullable();
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('policies_in_force');
};
