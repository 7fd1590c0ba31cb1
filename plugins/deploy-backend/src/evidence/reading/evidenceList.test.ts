import { TestDatabases } from '@backstage/backend-test-utils';
import { EvidenceBackend, S } from '../__testUtils__/EvidenceBackend';
import { at, coverageReport, testReport } from '../__testUtils__/reports';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

describe.each(databases.eachSupportedId())(
  'lists of evidence on %s',
  databaseId => {
    let server: EvidenceBackend;

    beforeAll(async () => {
      server = await EvidenceBackend.start(databases, databaseId);
    });

    beforeEach(() => server.reset());

    afterAll(() => server.backend.stop());

    const other = 'b'.repeat(40);

    beforeEach(async () => {
      for (const day of [3, 1, 2, 2, 2]) {
        await server.record({ report: coverageReport(day) });
      }
      await server.record({
        report: coverageReport(4),
        commit: other,
        suite: 'unit',
        environment: 'staging',
      });
      await server.record({ report: coverageReport(5), pullRequest: 7 });
      await server.record({ report: testReport(6, { a: 'failed' }) });
    });

    it.each([1, 2, 3, 100])(
      'is paged, last measured first, %s at a time',
      async limit => {
        const items = await server.readAll(`${S}/evidence`, limit);

        expect(items.map(item => Number(item.measuredAt.slice(8, 10)))).toEqual(
          [6, 5, 4, 3, 2, 2, 2, 1],
        );
        expect(new Set(items.map(item => item.id)).size).toBe(8);
      },
    );

    it.each([
      ['type=test', 1],
      ['type=coverage', 7],
      ['environment=staging', 1],
      ['environment=production', 0],
      ['suite=unit', 1],
      ['commit=bbbbbbb', 1],
      ['pullRequests=only', 1],
      ['pullRequests=none', 7],
      [`from=${at(4)}`, 3],
      [`to=${at(2)}`, 1],
      [`from=${at(2)}&to=${at(4)}&type=coverage`, 4],
    ])('is filtered by %s', async (filter, expected) => {
      expect(await server.readAll(`${S}/evidence?${filter}`, 2)).toHaveLength(
        expected,
      );
    });

    it.each([
      'type=nonsense',
      'limit=0',
      'limit=101',
      'cursor=nonsense',
      'commit=abc',
      'from=yesterday',
      'pullRequests=some',
      'unknown=1',
    ])('refuses %s', async wrong => {
      const { status, body } = await server.backend.get(
        `${S}/evidence?${wrong}`,
      );

      expect(status).toBe(400);
      expect(body.error.message).toContain(wrong.split('=')[0]);
    });

    it('is of nothing for a service that is not there', async () => {
      const { status } = await server.backend.get(
        '/services/component/default/ghost/evidence',
      );

      expect(status).toBe(404);
    });
  },
);
