import { parse } from 'yaml';
import { generate } from './__testUtils__/generating';
import { OWN_WORKFLOWS } from './__testUtils__/stagedSpecs';
import { Job, Workflow } from './model';

jest.setTimeout(240_000);

const workflows: Record<string, Workflow> = Object.fromEntries(
  generate(
    OWN_WORKFLOWS.replace(
      'serviceInput:',
      'portal: https://portal.example.test/api/deploy, serviceInput:',
    ),
  )
    .filter(({ path }) => path.startsWith('.github/workflows/'))
    .map(({ path, content }) => [
      path.slice('.github/workflows/'.length),
      parse(content),
    ]),
);
const jobOf = (file: string, key: string): Job => workflows[file].jobs[key];
const stepOf = ({ steps }: Job, name: string) =>
  steps.find(step => step.name === name);
const reportsOf = ({ steps }: Job) =>
  steps.filter(({ run }) => run?.endsWith('/report-evidence.sh'));

describe('tests of a repository', () => {
  it('run commands in the place of the tests of a language, for each value', () => {
    const rust = jobOf('pr.yml', 'rust');

    expect(rust.strategy).toEqual({
      'fail-fast': false,
      matrix: { crate: ['shop', 'cart'] },
    });
    expect(rust.env).toEqual({ CRATE: '${{ matrix.crate }}' });
    expect(rust.steps.map(({ run }) => run).filter(Boolean)).toEqual([
      'cargo fmt --check',
      'cargo clippy -- -D warnings',
    ]);
    expect(stepOf(rust, 'Set up Rust')?.with).toEqual({
      toolchain: '1.89',
      components: 'rustfmt, clippy',
    });
  });

  it('hand secrets to commands alone, by their environment', () => {
    const job = jobOf('deploy-production.yml', 'integration');

    expect(job.env).toBeUndefined();
    expect(job.steps.filter(({ env }) => env?.TOKEN)).toEqual([
      expect.objectContaining({
        run: 'pytest -m "not slow"',
        env: { TOKEN: '${{ secrets.TEST_TOKEN }}' },
      }),
    ]);
  });

  it('hand no secrets to what installs, but for what opens its registry', () => {
    const text = OWN_WORKFLOWS.replace(
      'commands: [\'pytest -m "not slow"\']',
      'commands: [pip install locust, npm ci, \'pip install "httpx" && make test\', ./load.sh]',
    ).replace(
      '{ TOKEN: { secret: TEST_TOKEN } }',
      '{ TOKEN: { secret: TEST_TOKEN }, PIP_INDEX_URL: { secret: INDEX } }',
    );
    const content = generate(text).find(({ path }) =>
      path.endsWith('deploy-production.yml'),
    )?.content;
    const { integration } = parse(content ?? '').jobs as Record<string, Job>;

    expect(integration.env).toBeUndefined();
    expect(
      integration.steps
        .filter(({ name }) => /^(Run|Install)/.test(name))
        .map(({ run, env = {} }) => [run, Object.keys(env)]),
    ).toEqual([
      ['pip install locust', ['PIP_INDEX_URL']],
      ['npm ci', []],
      ['pip install "httpx" && make test', ['TOKEN', 'PIP_INDEX_URL']],
      ['./load.sh', ['TOKEN', 'PIP_INDEX_URL']],
    ]);
  });

  it('are chosen by hand, one or all', () => {
    expect(workflows['benchmark.yml'].on.workflow_dispatch).toMatchObject({
      inputs: {
        scenario: { options: ['all', 'baseline', 'stress'], default: 'all' },
      },
    });
    expect(jobOf('benchmark.yml', 'stress').if).toBe(
      "github.event_name == 'schedule' || inputs.scenario == 'all' || inputs.scenario == 'stress'",
    );
  });

  it('report what they wrote, of the environment that they measured', () => {
    const [report] = reportsOf(jobOf('benchmark.yml', 'baseline-report'));

    expect(report.env).toMatchObject({
      SUITE: 'baseline',
      ENVIRONMENT: 'development',
      MODE: 'baseline',
      PERFORMANCE_REPORT: 'baseline.json',
    });
    expect(
      stepOf(
        jobOf('benchmark.yml', 'baseline'),
        'Keep the reports for the portal',
      )?.with?.path,
    ).toBe('load/baseline.json');
  });

  it('open an issue by a job that has no other right, and runs none of them', () => {
    const job = jobOf('security.yml', 'codeql-issue');

    expect(job.permissions).toEqual({ contents: 'read', issues: 'write' });
    expect(job.if).toContain("needs.codeql.result == 'failure'");
    expect(job.if).toContain("github.event_name != 'pull_request'");
    expect(stepOf(job, 'Open an issue')?.env).toMatchObject({
      TITLE: 'CodeQL found something',
      LABELS: 'security',
    });
  });
});

describe('scans', () => {
  it('by CodeQL report each language and fail at their severity', () => {
    const job = jobOf('security.yml', 'codeql');

    expect(job.permissions).toMatchObject({ 'security-events': 'write' });
    expect(stepOf(job, 'Judge what was found')?.env).toEqual({
      SARIF_REPORTS: 'codeql/rust.sarif codeql/javascript.sarif',
      SEVERITIES: 'critical high medium',
    });
    const report = jobOf('security.yml', 'codeql-report');
    expect(reportsOf(report).map(({ env }) => env?.SUITE)).toEqual([
      'codeql-rust',
      'codeql-javascript-typescript',
    ]);
  });

  it('for secrets look at all commits', () => {
    const { steps } = jobOf('security.yml', 'secrets');

    expect(steps[0].with).toMatchObject({ 'fetch-depth': 0 });
    expect(steps[1].env).toMatchObject({
      GITLEAKS_LICENSE: '${{ secrets.GITLEAKS_LICENSE }}',
    });
  });

  it('of dependencies are reported, whatever was found', () => {
    const job = jobOf('security.yml', 'dependencies');

    expect(stepOf(job, 'Judge what was found')?.env?.SEVERITIES).toBe(
      'critical',
    );
    const report = jobOf('security.yml', 'dependencies-report');
    expect(report.if).toContain("needs.dependencies.result == 'failure'");
    expect(reportsOf(report)).toMatchObject([
      { env: { SECURITY_REPORT: 'dependencies.sarif' } },
    ]);
  });
});

describe('tests of a service in Rust', () => {
  const shop = (gates: string) =>
    parse(
      generate(
        OWN_WORKFLOWS.replace(
          "test: { language: python, version: '3.12' }",
          `test: { language: rust, version: '1.89' }${gates}`,
        ),
      ).find(({ path }) => path.endsWith('deploy-dev.yml'))?.content ?? '',
    ).jobs['test-shop'];

  it('measure coverage, and fail below what the gate asks', () => {
    expect(
      stepOf(
        shop('\n      gates: { coverage: { coverage: lines, minimum: 85 } }'),
        'Test',
      ),
    ).toEqual({
      name: 'Test',
      'working-directory': 'shop',
      run: 'cargo tarpaulin --locked --out Xml --output-dir . \\\n  --fail-under 85',
    });
  });
});
