/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('evidence', table => {
    table.comment('Reports, each tied to a service and a commit');
    table.string('id', 36).primary();
    table
      .string('service_id', 36)
      .notNullable()
      .references('id')
      .inTable('services')
      .onDelete('CASCADE');
    table.string('commit_sha', 64).notNullable();
    table.string('type', 20).notNullable();
    table.string('format', 40).notNullable();
    table.string('environment').comment('Name; where it was measured');
    table.string('suite').notNullable().defaultTo('');
    table.string('mode').notNullable().defaultTo('');
    table.string('ref').comment('Branch or tag');
    table
      .integer('pull_request')
      .comment('Number; such evidence opens no gate of a release');
    table.string('tool');
    table.string('measured_at', 24).notNullable();
    table.string('received_at', 24).notNullable();
    table
      .string('identity', 64)
      .notNullable()
      .unique()
      .comment('Digest of what makes two reports the same');
    table.text('summary', 'longtext').notNullable().comment('JSON');
    table.text('provenance').notNullable().comment('JSON');
    table
      .boolean('pruned')
      .notNullable()
      .defaultTo(false)
      .comment('Files, suites, tests and findings are gone; the summary stays');
    table.index(['service_id', 'measured_at', 'id']);
    table.index(['service_id', 'type', 'measured_at', 'id']);
    table.index(['service_id', 'commit_sha']);
    table.index(['pruned', 'received_at']);
  });

  await knex.schema.createTable('evidence_files', table => {
    table.comment('Source files of coverage reports');
    table.bigIncrements('id');
    table
      .string('evidence_id', 36)
      .notNullable()
      .references('id')
      .inTable('evidence')
      .onDelete('CASCADE');
    table.text('path').notNullable().comment('From the root of the repository');
    table.text('package');
    table.integer('lines_covered').notNullable();
    table.integer('lines_total').notNullable();
    table.integer('branches_covered');
    table.integer('branches_total');
    table.integer('functions_covered');
    table.integer('functions_total');
    table.text('covered', 'longtext').comment('Ranges of lines: 1-3,7');
    table.text('missed', 'longtext').comment('Ranges of lines');
    table.index(['evidence_id']);
  });

  await knex.schema.createTable('evidence_suites', table => {
    table.comment('Suites of test reports');
    table.bigIncrements('id');
    table
      .string('evidence_id', 36)
      .notNullable()
      .references('id')
      .inTable('evidence')
      .onDelete('CASCADE');
    table.text('name').notNullable();
    table.integer('passed').notNullable();
    table.integer('failed').notNullable();
    table.integer('skipped').notNullable();
    table.integer('flaky').notNullable();
    table.double('duration');
    table.index(['evidence_id']);
  });

  await knex.schema.createTable('evidence_tests', table => {
    table.comment('Test cases that failed, were skipped, or are flaky');
    table.bigIncrements('id');
    table
      .string('evidence_id', 36)
      .notNullable()
      .references('id')
      .inTable('evidence')
      .onDelete('CASCADE');
    table
      .string('digest', 64)
      .notNullable()
      .comment('Of suite, class and name: the same test in every report');
    table.string('outcome', 10).notNullable();
    table.boolean('flaky').notNullable();
    table.text('detail', 'longtext').notNullable().comment('JSON');
    table.index(['evidence_id', 'digest']);
  });

  await knex.schema.createTable('evidence_findings', table => {
    table.comment('Findings of security reports');
    table.bigIncrements('id');
    table
      .string('evidence_id', 36)
      .notNullable()
      .references('id')
      .inTable('evidence')
      .onDelete('CASCADE');
    table.integer('rank').notNullable().comment('0 is the worst severity');
    table.text('detail').notNullable().comment('JSON');
    table.index(['evidence_id', 'rank']);
  });

  await knex.schema.createTable('waivers', table => {
    table.comment('Gates that a person let a release pass');
    table.string('id', 36).primary();
    table
      .string('service_id', 36)
      .notNullable()
      .references('id')
      .inTable('services')
      .onDelete('CASCADE');
    table.string('environment').notNullable();
    table.string('gate').notNullable();
    table.string('commit_sha', 64).notNullable();
    table
      .string('state', 10)
      .notNullable()
      .comment('Of the gate when it was waived: fail or pending');
    table.string('granted_by').notNullable();
    table.text('reason').notNullable();
    table.string('granted_at', 24).notNullable();
    table.string('expires_at', 24).notNullable();
    table.index(['service_id', 'commit_sha']);
  });

  await knex.schema.createTable('changes', table => {
    table.comment('What changed between two commits, as GitHub tells it');
    table.string('repository').notNullable();
    table.string('base', 64).notNullable();
    table.string('head', 64).notNullable();
    table
      .string('state', 10)
      .notNullable()
      .comment('wanted, known, unrelated, failed');
    table
      .text('files', 'longtext')
      .comment('JSON: [{path, previousPath?, added: ranges of lines}]');
    table.integer('attempts').notNullable().defaultTo(0);
    table.string('due_at', 24).notNullable();
    table.primary(['repository', 'base', 'head']);
    table.index(['state', 'due_at']);
  });

  await knex.schema.createTable('parents', table => {
    table.comment('First parent of commits that were asked for');
    table.string('repository').notNullable();
    table.string('commit_sha', 64).notNullable();
    table.string('parent_sha', 64).comment('Absent for a first commit');
    table.primary(['repository', 'commit_sha']);
  });

  await knex.schema.createTable('github_feedback', table => {
    table.comment('Check runs, statuses and comments that were written');
    table.string('repository').notNullable();
    table
      .string('subject')
      .notNullable()
      .comment('check:<commit>:<name>, status:..., comment:<number>');
    table.string('github_id');
    table.string('digest', 64).comment('Of what was written last');
    table.string('state', 10).notNullable().comment('wanted, written, failed');
    table.integer('attempts').notNullable().defaultTo(0);
    table.string('due_at', 24).notNullable();
    table.primary(['repository', 'subject']);
    table.index(['state', 'due_at']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const table of [
    'github_feedback',
    'parents',
    'changes',
    'waivers',
    'evidence_findings',
    'evidence_tests',
    'evidence_suites',
    'evidence_files',
    'evidence',
  ]) {
    await knex.schema.dropTable(table);
  }
};
