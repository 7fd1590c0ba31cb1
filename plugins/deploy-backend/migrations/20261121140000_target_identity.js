// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('environment_targets', table => {
    table.comment(
      'What environments drive: where two drive the same, only one of them is let',
    );
    table
      .string('environment_id', 36)
      .notNullable()
      .references('id')
      .inTable('environments')
      .onDelete('CASCADE');
    table
      .string('identity', 64)
      .notNullable()
      .comment('SHA-256 of what the target changes, without its connection');
    table
      .string('connection')
      .notNullable()
      .comment('Its name as deploy.yaml has it, or empty');
    table
      .text('claim')
      .notNullable()
      .comment(
        'The target, and the entity that deploy.yaml names for it, JSON',
      );
    table
      .string('since')
      .notNullable()
      .comment('When the environment first named it');
    table.primary(['environment_id', 'identity', 'connection']);
    table.index(['identity']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('environment_targets');
};
