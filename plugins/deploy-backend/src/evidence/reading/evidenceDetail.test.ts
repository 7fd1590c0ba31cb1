import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { EvidenceBackend } from '../__testUtils__/EvidenceBackend';
import {
  at,
  coverageReport,
  performanceReport,
  securityReport,
  testReport,
} from '../__testUtils__/reports';
import { COMMIT } from '../__testUtils__/verifier';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

describe.each(databases.eachSupportedId())('evidence on %s', databaseId => {
  let server: EvidenceBackend;

  beforeAll(async () => {
    server = await EvidenceBackend.start(databases, databaseId);
  });

  beforeEach(() => server.reset());

  afterAll(() => server.backend.stop());

  describe('one report', () => {
    it('has the least covered files and packages of coverage', async () => {
      const report = coverageReport(1, 1, ['a/x.py', 'a/y.py', 'b/z.py']);
      report.files[2].lines = { covered: 0, total: 4 };
      const id = await server.record({ report });

      const { body } = await server.backend.get(`/evidence/${id}`);

      expect(body.files.map((file: { path: string }) => file.path)).toEqual([
        'b/z.py',
        'a/x.py',
        'a/y.py',
      ]);
      expect(body.packages).toEqual([
        { name: 'b', lines: { covered: 0, total: 4 } },
        { name: 'a', lines: { covered: 2, total: 8 } },
      ]);
    });

    it('tells since when tests fail, by reports of the same suite on no pull request', async () => {
      const commit = (letter: string) => letter.repeat(40);
      const kind = { suite: 'e2e', mode: 'azure', environment: 'staging' };
      const failed = testReport(0, { a: 'failed', b: 'failed' });
      for (const [day, outcomes, overrides] of [
        [1, { a: 'failed', b: 'failed' }, {}],
        [2, { a: 'passed', b: 'failed' }, {}],
        [3, { a: 'failed', b: 'skipped' }, { commit: commit('c') }],
        [4, { a: 'passed', b: 'passed' }, { pullRequest: 7 }],
        [5, { a: 'passed', b: 'passed' }, { mode: 'local' }],
        [6, { a: 'passed', b: 'passed' }, { environment: 'production' }],
        [7, { a: 'failed', b: 'failed' }, {}],
        [9, { a: 'passed', b: 'passed' }, {}],
      ] as const) {
        await server.record({
          report: testReport(day, outcomes),
          ...kind,
          ...overrides,
        });
      }
      const id = await server.record({
        report: { ...failed, measuredAt: at(8) },
        ...kind,
      });

      const { body } = await server.backend.get(`/evidence/${id}`);

      expect(body.suites).toMatchObject([{ name: 'api', total: 2, failed: 2 }]);
      expect(body.tests).toMatchObject([
        {
          name: 'a',
          outcome: 'failed',
          trace: 'at x',
          failingSince: at(3),
          failingSinceCommit: commit('c'),
        },
        { name: 'b', failingSince: at(1), failingSinceCommit: COMMIT },
      ]);
    });

    it('follows a failure back over many reports', async () => {
      for (let minute = 0; minute < 120; minute++) {
        await server.record({
          report: {
            ...testReport(1, { a: 'failed' }),
            measuredAt: new Date(
              Date.UTC(2026, 10, 1, 1, minute),
            ).toISOString(),
          },
        });
      }
      const id = await server.record({
        report: testReport(2, { a: 'failed' }),
      });

      const { body } = await server.backend.get(`/evidence/${id}`);

      expect(body.tests[0].failingSince).toBe('2026-11-01T01:00:00.000Z');
    });

    it('has findings, the worst first', async () => {
      const id = await server.record({
        report: securityReport(1, [
          { ruleId: 'CVE-1', severity: 'low' },
          { ruleId: 'CVE-2', severity: 'critical' },
          { ruleId: 'CVE-3', severity: 'high' },
        ]),
      });

      const { body } = await server.backend.get(`/evidence/${id}`);

      expect(
        body.findings.map((finding: { ruleId: string }) => finding.ruleId),
      ).toEqual(['CVE-2', 'CVE-3', 'CVE-1']);
    });

    it('has what is usual beside what was measured', async () => {
      const commit = 'c'.repeat(40);
      await server.record({ report: performanceReport(1, 100), commit });
      await server.record({ report: performanceReport(2, 300), commit });
      await server.record({ report: performanceReport(3, 9000) });
      await server.record({
        report: performanceReport(3, 9000),
        commit,
        pullRequest: 7,
      });
      await server.record({ report: performanceReport(5, 9000), commit });
      const id = await server.record({ report: performanceReport(4, 250) });

      const { body } = await server.backend.get(`/evidence/${id}`);

      expect(body.measurements).toEqual([
        {
          scenario: 'stress',
          metric: 'latency.p95',
          value: 250,
          unit: 'ms',
          baseline: 200,
        },
      ]);
    });

    it('is nothing for another id', async () => {
      const { status } = await server.backend.get(
        '/evidence/00000000-0000-4000-8000-000000000000',
      );

      expect(status).toBe(404);
      expect((await server.backend.get('/evidence/nonsense')).status).toBe(400);
    });
  });

  describe('deleting', () => {
    it('takes everything of a report, for administrators', async () => {
      const id = await server.record({
        report: testReport(1, { a: 'failed' }),
      });
      const kept = await server.record({
        report: testReport(2, { a: 'failed' }),
      });

      const { status } = await server.backend.delete(`/evidence/${id}`);

      expect(status).toBe(204);
      expect((await server.backend.get(`/evidence/${id}`)).status).toBe(404);
      expect((await server.backend.delete(`/evidence/${id}`)).status).toBe(404);
      expect(await server.backend.knex('evidence_tests')).toMatchObject([
        { evidence_id: kept },
      ]);
    });

    it('is for nobody else', async () => {
      server.decide = permission => ({
        result:
          permission === 'deploy.administer'
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
      });
      const id = await server.record({ report: coverageReport(1) });

      const denied = await server.backend.delete(`/evidence/${id}`);
      const nobody = await server.backend.delete(
        `/evidence/${id}`,
        mockCredentials.none.header(),
      );

      expect(denied.status).toBe(403);
      expect(nobody.status).toBe(401);
      expect((await server.backend.get(`/evidence/${id}`)).status).toBe(200);
    });
  });
});
