import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { migratedDatabase } from '../../__testUtils__/migratedDatabase';
import {
  coverageReport,
  performanceReport,
  testReport,
} from '../__testUtils__/reports';
import { COMMIT } from '../__testUtils__/verifier';
import { CoverageReport } from '../formats/types';
import { EvidenceStore, NewEvidence } from './EvidenceStore';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const evidence: NewEvidence = {
  serviceId: 'service-1',
  commit: COMMIT,
  provenance: { kind: 'service', subject: 'external:ci' },
  report: coverageReport(1),
  digest: 'digest',
};

describe.each(databases.eachSupportedId())(
  'EvidenceStore on %s',
  databaseId => {
    async function open(): Promise<{ knex: Knex; store: EvidenceStore }> {
      const knex = await migratedDatabase(databases, databaseId);
      await knex('services').insert({
        id: 'service-1',
        entity_ref: 'component:default/verifier',
        repository: 'example-org/vvp',
        service_key: 'verifier',
        name: 'verifier',
        annotations: '{}',
      });
      return { knex, store: new EvidenceStore(knex) };
    }

    it('keeps nothing of a report that cannot be kept whole', async () => {
      const { knex, store } = await open();
      await knex.schema.alterTable('evidence_files', table =>
        table.unique(['evidence_id', 'path']),
      );
      const paths = [
        ...Array.from({ length: 250 }, (_, index) => `file-${index}.py`),
        'file-0.py',
      ];

      await expect(
        store.record({ ...evidence, report: coverageReport(1, 1, paths) }),
      ).rejects.toMatchObject({ message: expect.stringMatching(/unique/i) });

      expect(await knex('evidence')).toEqual([]);
      expect(await knex('evidence_files')).toEqual([]);
    });

    it('keeps more rows than a statement takes', async () => {
      const { knex, store } = await open();
      const paths = Array.from({ length: 1_234 }, (_, i) => `file-${i}.py`);

      await store.record({ ...evidence, report: coverageReport(1, 1, paths) });

      expect(await knex('evidence_files')).toHaveLength(1_234);
    });

    it('keeps texts that a database has no place for', async () => {
      const { store } = await open();
      const report = testReport(1, { 'a\0b \ud800': 'failed' });

      const { id } = await store.record({
        ...evidence,
        ref: `feature\0${'x'.repeat(300)}`,
        report: {
          ...report,
          tool: `tool\0${'y'.repeat(300)}`,
          suites: [{ ...report.suites[0], name: 'suite\0' }],
        },
      });

      const kept = await store.get(id);
      expect(kept?.ref).toMatch(/^featurex{240,}$/);
      expect(kept?.tool).toMatch(/^tooly{240,}$/);
    });

    it('refuses counts of no report of this world', async () => {
      const { knex, store } = await open();
      const report = coverageReport(1) as CoverageReport;
      report.files[0].lines = { covered: 1, total: 2 ** 31 };

      await expect(store.record({ ...evidence, report })).rejects.toThrow(
        /^services\/verifier\/app\.py: the count 2147483648/,
      );

      expect(await knex('evidence')).toEqual([]);
    });

    it('gives details back that were forgotten, when the report comes again', async () => {
      const { knex, store } = await open();
      const { measuredAt: _, ...report } = coverageReport(1);
      const first = await store.record({
        ...evidence,
        report,
        receivedAt: new Date('2026-01-01T00:00:00Z'),
      });
      await knex('evidence_files').delete();
      await knex('evidence').update('pruned', true);

      const again = await store.record({ ...evidence, report });

      expect(again).toEqual({ id: first.id, created: false, changed: true });
      expect(await knex('evidence_files')).toHaveLength(1);
      expect(Boolean((await knex('evidence').first()).pruned)).toBe(false);
    });

    it('never moves a report back in time', async () => {
      const { store } = await open();
      const { measuredAt: _, ...report } = performanceReport(1, 5);
      const first = await store.record({ ...evidence, report });

      const again = await store.record({
        ...evidence,
        report,
        receivedAt: new Date('2026-01-01T00:00:00Z'),
      });

      expect(again).toEqual({ id: first.id, created: false, changed: false });
    });

    it('tells what was deleted', async () => {
      const { store } = await open();
      const { id } = await store.record({ ...evidence, pullRequest: 7 });

      expect(await store.delete(id)).toEqual({
        serviceId: 'service-1',
        entityRef: 'component:default/verifier',
        repository: 'example-org/vvp',
        commit: COMMIT,
        pullRequest: 7,
        evidenceId: id,
      });
      expect(await store.delete(id)).toBeUndefined();
    });

    it.each([
      [
        'the list of a service',
        'select * from evidence where service_id = ? order by measured_at desc, id desc limit 20',
        'service_id_measured_at',
      ],
      [
        'trends',
        "select * from evidence where service_id = ? and type = 'test' and measured_at >= '2026' order by measured_at desc, id desc limit 20",
        'service_id_type_measured_at',
      ],
      [
        'reports of a commit',
        'select * from evidence where service_id = ? and commit_sha = ?',
        'service_id_commit_sha',
      ],
      [
        'what is to be pruned',
        'select * from evidence where pruned = ? and received_at < ? order by received_at limit 100',
        'pruned_received_at',
      ],
      [
        'a test in some reports',
        'select * from evidence_tests where evidence_id in (?) and digest in (?)',
        'evidence_id_digest',
      ],
    ])('has an index for %s', async (_case, sql, index) => {
      const { knex } = await open();

      expect(await explain(knex, sql)).toContain(index);
    });
  },
);

async function explain(knex: Knex, sql: string): Promise<string> {
  const values = [...sql].flatMap(letter => (letter === '?' ? '1' : []));
  if (knex.client.config.client === 'pg') {
    return knex.transaction(async tx => {
      // On empty tables the planner would rather read them whole.
      await tx.raw('set local enable_seqscan = off');
      const { rows } = await tx.raw(`explain ${sql}`, values);
      return JSON.stringify(rows);
    });
  }
  return JSON.stringify(await knex.raw(`explain query plan ${sql}`, values));
}
