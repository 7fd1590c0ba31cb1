/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deployments', table => {
    table
      .boolean('reviewed_first')
      .notNullable()
      .defaultTo(false)
      .comment('Whether its run waited for a reviewer at the environment');
  });
  await knex.schema.alterTable('environments', table => {
    table
      .boolean('reviewed')
      .notNullable()
      .defaultTo(false)
      .comment('Whether the last run that went in waited for a reviewer');
  });
  await knex.schema.alterTable('protection_callbacks', table => {
    table
      .string('kind', 16)
      .notNullable()
      .defaultTo('rule')
      .comment('rule: the portal answers; review: a person does, at GitHub');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const [table, column] of [
    ['protection_callbacks', 'kind'],
    ['environments', 'reviewed'],
    ['deployments', 'reviewed_first'],
  ]) {
    await knex.schema.alterTable(table, builder => builder.dropColumn(column));
  }
};
