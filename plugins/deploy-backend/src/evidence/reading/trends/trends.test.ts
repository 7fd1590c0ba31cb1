import { TestDatabases } from '@backstage/backend-test-utils';
import { EvidenceBackend, S } from '../../__testUtils__/EvidenceBackend';
import {
  at,
  coverageReport,
  securityReport,
  testReport,
} from '../../__testUtils__/reports';
import { COMMIT } from '../../__testUtils__/verifier';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const range = 'from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z';

describe.each(databases.eachSupportedId())('trends on %s', databaseId => {
  let server: EvidenceBackend;

  beforeAll(async () => {
    server = await EvidenceBackend.start(databases, databaseId);
  });

  beforeEach(() => server.reset());

  afterAll(() => server.backend.stop());

  it('are of a period, oldest first, without pull requests', async () => {
    const ids = [];
    for (const day of [2, 1, 3]) {
      ids[day] = await server.record({ report: coverageReport(day, day) });
    }
    await server.record({ report: coverageReport(2), pullRequest: 7 });
    await server.record({ report: testReport(2, { a: 'passed' }) });

    const { body } = await server.backend.get(
      `${S}/trends?type=coverage&from=${at(1)}&to=${at(3)}`,
    );

    expect(body).toEqual({
      type: 'coverage',
      from: at(1),
      to: at(3),
      series: [
        {
          metric: 'lines',
          unit: 'percent',
          points: [
            {
              measuredAt: at(1),
              value: 25,
              commit: COMMIT,
              evidenceId: ids[1],
            },
            {
              measuredAt: at(2),
              value: 50,
              commit: COMMIT,
              evidenceId: ids[2],
            },
          ],
        },
      ],
      thresholds: [],
    });
  });

  it('are of the last 30 days if nothing is said', async () => {
    const day = 24 * 60 * 60 * 1000;
    const ago = (days: number) =>
      new Date(Date.now() - days * day).toISOString();
    await server.record({
      report: { ...coverageReport(1), measuredAt: ago(31) },
    });
    await server.record({
      report: { ...coverageReport(1), measuredAt: ago(29) },
    });
    await server.record({
      report: { ...coverageReport(1), measuredAt: ago(0) },
    });

    const { body } = await server.backend.get(`${S}/trends?type=coverage`);

    expect(body.series[0].points).toHaveLength(2);
    expect(Date.parse(body.to) - Date.parse(body.from)).toBe(30 * day);
  });

  it('begin with what was found before', async () => {
    await server.record({
      report: {
        ...securityReport(1, [{ ruleId: 'CVE-1', severity: 'high' }]),
        tool: 'CodeQL 2',
      },
    });
    await server.record({
      report: securityReport(5, [{ ruleId: 'CVE-2', severity: 'high' }]),
    });

    const { body } = await server.backend.get(
      `${S}/trends?type=security&from=${at(4)}&to=${at(6)}`,
    );

    const high = body.series.find(
      (series: { metric: string }) => series.metric === 'high',
    );
    expect(high.points).toMatchObject([{ measuredAt: at(5), value: 2 }]);
  });

  it('read more than one batch, and thin long lines', async () => {
    const service = await server.backend.knex('services').first('id');
    const { report } = { report: coverageReport(1) };
    const id = await server.record({ report });
    const row = await server.backend.knex('evidence').where({ id }).first();
    await server.backend.knex('evidence').delete();
    for (let start = 0; start < 1_200; start += 100) {
      await server.backend.knex('evidence').insert(
        Array.from({ length: 100 }, (_, index) => ({
          ...row,
          id: `id-${start + index}`,
          service_id: service.id,
          identity: `identity-${start + index}`,
          measured_at: new Date(
            Date.UTC(2026, 10, 1, 0, start + index),
          ).toISOString(),
        })),
      );
    }

    const { body } = await server.backend.get(
      `${S}/trends?type=coverage&${range}`,
    );

    const [{ points }] = body.series;
    expect(points.length).toBeLessThanOrEqual(1_000);
    expect(points[0].evidenceId).toBe('id-0');
    expect(points.at(-1).evidenceId).toBe('id-1199');
  });

  it.each([
    ['', 'type'],
    ['?type=weather', 'type'],
    [`?type=test&from=${at(3)}&to=${at(2)}`, 'from'],
  ])('refuse %s', async (wrong, field) => {
    const { status, body } = await server.backend.get(`${S}/trends${wrong}`);

    expect(status).toBe(400);
    expect(body.error.message).toContain(field);
  });
});
