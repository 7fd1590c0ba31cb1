// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('canaries', table => {
    table.comment('Releases that get a part of the traffic before all of it');
    table
      .string('promotion_id', 36)
      .primary()
      .references('id')
      .inTable('promotions')
      .onDelete('CASCADE')
      .comment('Each promotion has one at most');
    table
      .string('phase')
      .notNullable()
      .comment(
        'starting, watching, paused, continuing, aborting, done, aborted, failed',
      );
    table
      .text('state', 'longtext')
      .notNullable()
      .comment('CanaryState, JSON: everything that decides');
    table
      .text('settings')
      .notNullable()
      .comment('CanarySettings, JSON, as deploy.yaml had them when it began');
    table
      .integer('version')
      .notNullable()
      .defaultTo(0)
      .comment('Grows with each change; who changes it has seen this one');
    table.string('created_at').notNullable();
    table.string('updated_at').notNullable();
    table
      .string('finished_at')
      .comment('When it was done, aborted or failed; absent while under way');
    table.index(['finished_at']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('canaries');
};
