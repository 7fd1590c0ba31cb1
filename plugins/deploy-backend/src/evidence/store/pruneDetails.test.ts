import { TestDatabases } from '@backstage/backend-test-utils';
import { EvidenceBackend } from '../__testUtils__/EvidenceBackend';
import { at, coverageReport, testReport } from '../__testUtils__/reports';
import { pruneDetails } from './pruneDetails';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

describe.each(databases.eachSupportedId())(
  'pruning of evidence on %s',
  databaseId => {
    let server: EvidenceBackend;

    beforeAll(async () => {
      server = await EvidenceBackend.start(databases, databaseId);
    });

    beforeEach(() => server.reset());

    afterAll(() => server.backend.stop());

    it('forgets details of old reports, but not of the newest of each kind', async () => {
      const received = (day: number) => ({ receivedAt: new Date(at(day)) });
      const old = new Date(Date.now() - 91 * 24 * 60 * 60 * 1000);
      const early = new Date(old.getTime() - 1_000);
      const coverage = (time: Date) => ({
        report: { ...coverageReport(1), measuredAt: time.toISOString() },
        receivedAt: time,
      });
      const pruned = await server.record(coverage(early));
      const newest = await server.record(coverage(old));
      const otherSuite = await server.record({
        ...coverage(early),
        suite: 'unit',
      });
      const ofPull = await server.record({ ...coverage(old), pullRequest: 7 });
      const recent = await server.record({
        report: testReport(1, { a: 'failed' }),
        ...received(2),
      });

      await server.backend.run('evidence-prune');
      await server.backend.run('evidence-prune');

      const files = await server.backend
        .knex('evidence_files')
        .select('evidence_id');
      expect(files.map(row => row.evidence_id).sort()).toEqual(
        [newest, otherSuite].sort(),
      );
      for (const id of [pruned, ofPull]) {
        const { body } = await server.backend.get(`/evidence/${id}`);
        expect(body.summary).toMatchObject({ files: 1 });
        expect(body).not.toHaveProperty('files');
      }
      expect(
        (await server.backend.get(`/evidence/${recent}`)).body.tests,
      ).toHaveLength(1);
    });

    it('is bounded in each transaction, and does all in the end', async () => {
      for (let index = 0; index < 6; index++) {
        await server.record({
          report: coverageReport(1),
          receivedAt: new Date(at(1)),
          commit: String(index).repeat(40),
        });
      }

      const before = new Date(at(2));

      expect(await pruneDetails(server.backend.knex, before, 2)).toBe(5);
      expect(await pruneDetails(server.backend.knex, before, 2)).toBe(0);
      expect(await server.backend.knex('evidence_files')).toHaveLength(1);
    });
  },
);
