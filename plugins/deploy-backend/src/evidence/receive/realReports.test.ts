import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import { component } from '../../__testUtils__/entities';
import {
  startDeployBackend,
  TestBackend,
} from '../../__testUtils__/startDeployBackend';
import { COMMIT } from '../__testUtils__/verifier';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const FOLDER = join(__dirname, '../../../../../test/fixtures/reports');

const S = '/services/component/default/plain';

/** Reports of real tools, and samples of those of which there is none. What is read is checked where it is. */
const reports = [
  ['coverage', 'cobertura', 'cobertura/coverage-py-7.xml'],
  ['coverage', 'jacoco', 'jacoco/shop.xml'],
  ['coverage', 'lcov', 'lcov/c8.info'],
  ['coverage', 'clover', 'clover/jest.xml'],
  ['coverage', 'istanbul', 'istanbul/vitest.json'],
  ['coverage', 'istanbul-summary', 'istanbul-summary/c8.json'],
  ['coverage', 'go-cover', 'go-cover/router.out'],
  ['coverage', 'coverage-py', 'coverage-py/ledger-7.json'],
  ['coverage', 'tarpaulin', 'samples/tarpaulin.json'],
  ['tests', 'junit', 'pytest/pytest-9.xml'],
  ['tests', 'junit', 'jest/jest-29-junit-16.xml'],
  ['tests', 'playwright', 'playwright/playwright-1.49.1.json'],
  ['tests', 'ctrf', 'ctrf/jest-29.json'],
  ['tests', 'terraform-validate', 'samples/terraform-invalid.json'],
  ['security', 'sarif', 'sarif/bandit-1.9.4.sarif'],
  ['security', 'trivy', 'samples/trivy-image.json'],
  ['security', 'pip-audit', 'samples/pip-audit-object.json'],
  ['security', 'osv-scanner', 'samples/osv-scanner-groups.json'],
  ['performance', 'k6', 'k6/handle-summary-0.46.0.json'],
  ['performance', 'locust-csv', 'locust/locust-2.12.1_stats.csv'],
  ['performance', 'locust-json', 'locust/locust-2.20.1.json'],
] as const;

const details = {
  coverage: 'files',
  test: 'suites',
  security: 'findings',
  performance: 'measurements',
};

describe.each(databases.eachSupportedId())('reports on %s', databaseId => {
  let backend: TestBackend;

  beforeAll(async () => {
    backend = await startDeployBackend({
      databases,
      databaseId,
      entities: [component('plain')],
    });
  });

  afterAll(() => backend.stop());

  it.each(reports)('are kept and read: %s, %s, %s', async (...report) => {
    const [folder, format, path] = report;
    await backend.knex('evidence').delete();

    const { status, body } = await backend.report(
      { entityRef: 'component:default/plain', commit: COMMIT },
      readFileSync(join(FOLDER, folder, path)),
    );
    const detail = await backend.get(`/evidence/${body.id}`);
    const trends = await backend.get(
      `${S}/trends?type=${body.type}&from=2000-01-01T00:00:00Z`,
    );

    expect(status).toBe(201);
    expect(body).toMatchObject({ type: folder.replace(/s$/, ''), format });
    const part = details[body.type as keyof typeof details];
    expect(detail.body[part].length).toBeGreaterThan(0);
    expect(trends.body.series.length).toBeGreaterThan(0);
  });
});
