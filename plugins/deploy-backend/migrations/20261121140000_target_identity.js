// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('environment_targets', table => {
    table.comment(
      'What environments drive, by their targets and the workflows that are started there: where two drive the same, only one of them is let',
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
      .comment(
        'SHA-256 of what may be changed, without connection and details; of a workflow with its repository',
      );
    table
      .string('connection')
      .notNullable()
      .comment('Its name as deploy.yaml has it, or empty');
    table
      .string('details', 64)
      .notNullable()
      .comment(
        'SHA-256 of inputs or settings and of whether it deploys, or empty',
      );
    table
      .text('claim')
      .notNullable()
      .comment(
        'The target, and what deploy.yaml and the catalog said of its environment, JSON; of one that is locked as it was then',
      );
    table
      .string('since')
      .notNullable()
      .comment('When the environment first named it');
    table.primary(['environment_id', 'identity', 'connection', 'details']);
    table.index(['identity']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('environment_targets');
};
