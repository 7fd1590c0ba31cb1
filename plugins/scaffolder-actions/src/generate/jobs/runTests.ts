import {
  RepositoryTestsSpec,
  ServiceTestSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { expressionOf, quote } from '../expressions';
import { Job, ServiceContainer, Step } from '../model';

/** What tests of a service and of several together are run with. */
export type TestEnvironment = Omit<
  ServiceTestSpec,
  'source' | 'directory' | 'requirements' | 'suites'
> &
  Pick<RepositoryTestsSpec[string], 'select'>;

/** What a run of tests needs and writes. */
export interface TestRun {
  environment: TestEnvironment;
  /** Where the tests are run. */
  directory: string;
  /** Whether the directory is a package to be installed itself. */
  isPackage: boolean;
  /** Measures coverage of this, relative to the directory. */
  coverageOf?: string;
  /** In percent of the lines; the run fails below it. */
  minimum?: number;
  /** Files of packages, in place of a package. */
  requirements?: readonly string[];
  /** Directories of tests by suite; all tests of the directory are one without it. */
  suites?: Readonly<Record<string, string>>;
}

/** Reports that a run of tests leaves in its directory. */
export const REPORTS = {
  python: { tests: 'test-report.xml', coverage: 'coverage.xml' },
  typescript: { tests: 'test-report.xml', coverage: 'coverage/lcov.info' },
} as const;

/** The report of the tests of one suite among several. */
export function suiteReport(suite: string): string {
  return `test-report-${suite}.xml`;
}

const DATABASES = {
  postgresql: {
    image: 'postgres',
    port: 5432,
    env: { POSTGRES_HOST_AUTH_METHOD: 'trust' },
    health: 'pg_isready --username postgres',
    url: 'postgresql://postgres@localhost:5432/postgres',
  },
  redis: {
    image: 'redis',
    port: 6379,
    env: undefined,
    health: 'redis-cli ping',
    url: 'redis://localhost:6379/0',
  },
} as const;

/** Databases beside the job, and the environment that the tests see. */
export function surroundings(
  environment: TestEnvironment,
): Pick<Job, 'services' | 'env'> {
  const databases = environment.databases ?? [];
  const env = {
    ...Object.fromEntries(
      databases.map(({ type, variable }) => [variable, DATABASES[type].url]),
    ),
    ...plainSettings(environment),
  };
  return {
    ...(databases.length > 0 && {
      services: Object.fromEntries(
        databases.map(({ type, version }) => [type, database(type, version)]),
      ),
    }),
    ...(Object.keys(env).length > 0 && { env }),
  };
}

function database(
  type: keyof typeof DATABASES,
  version: string,
): ServiceContainer {
  const { image, port, env, health } = DATABASES[type];
  return {
    image: `${image}:${version}`,
    ...(env && { env }),
    ports: [`${port}:${port}`],
    options: `--health-cmd "${health}" --health-interval 5s --health-timeout 5s --health-retries 10`,
  };
}

/** Secrets stay out of the job's environment, which every step sees. */
function plainSettings({
  environment = {},
}: TestEnvironment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment)
      .filter(([, value]) => typeof value === 'string' || !value.secret)
      .map(([name, value]) => [name, expressionOf(value)]),
  );
}

function secretSettings({
  environment = {},
}: TestEnvironment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment)
      .filter(([, value]) => typeof value === 'object' && value.secret)
      .map(([name, value]) => [name, expressionOf(value)]),
  );
}

/** Sets up the language, installs, and runs the tests. */
export function testSteps(run: TestRun): Step[] {
  return run.environment.language === 'python'
    ? pythonSteps(run)
    : nodeSteps(run);
}

function systemPackages({
  systemPackages: packages = [],
}: TestEnvironment): Step[] {
  return packages.length === 0
    ? []
    : [
        {
          name: 'Install system packages',
          run: [
            'sudo apt-get update',
            `sudo apt-get install --yes --no-install-recommends ${packages
              .map(quote)
              .join(' ')}`,
          ].join('\n'),
        },
      ];
}

function pythonSteps(run: TestRun): Step[] {
  const { environment, directory } = run;
  const editable = [
    ...(environment.localPackages ?? []),
    ...(run.isPackage ? [directory] : []),
  ].flatMap(path => ['--editable', quote(`./${path}`.replace('/./', '/'))]);
  const wanted = [
    'pytest',
    ...(run.coverageOf === undefined ? [] : ['pytest-cov']),
    ...(environment.packages ?? []),
  ].map(quote);
  return [
    {
      name: 'Set up Python',
      uses: 'actions/setup-python',
      with: { 'python-version': environment.version },
    },
    ...systemPackages(environment),
    {
      name: 'Install',
      ...(run.suites && { id: 'install' }),
      run: `python -m pip install ${[
        ...editable,
        ...requirementsOf(run),
        ...wanted,
      ].join(' ')}`,
    },
    ...(run.suites
      ? Object.entries(run.suites).map(([suite, folder], index) =>
          suiteStep(run, { suite, folder, isFirst: index === 0 }),
        )
      : [pytestStep(run)]),
  ];
}

function requirementsOf({ requirements = [] }: TestRun): string[] {
  return requirements.flatMap(file => ['--requirement', quote(file)]);
}

/** What one suite says is worth knowing whatever the one before says. */
function suiteStep(
  run: TestRun,
  suite: { suite: string; folder: string; isFirst: boolean },
): Step {
  const { name, ...step } = pytestStep(
    suite.isFirst ? run : { ...run, coverageOf: undefined },
    suite.folder,
    suiteReport(suite.suite),
  );
  return {
    name: `${name} ${suite.suite}`,
    if: "!cancelled() && steps.install.outcome == 'success'",
    ...step,
  };
}

function pytestStep(run: TestRun, folder?: string, report?: string): Step {
  const secrets = secretSettings(run.environment);
  return {
    name: 'Test',
    ...(Object.keys(secrets).length > 0 && { env: secrets }),
    'working-directory': run.directory,
    run: [
      // What is not installed is found from the directory.
      run.requirements ? 'python -m pytest' : 'pytest',
      ...(folder ? [quote(folder)] : []),
      ...pytestArguments(run, report),
    ].join(' \\\n  '),
  };
}

function pytestArguments(
  { environment, coverageOf, minimum }: TestRun,
  report: string = REPORTS.python.tests,
): string[] {
  return [
    ...(environment.select ? [`-m ${quote(environment.select)}`] : []),
    `--junitxml=${report}`,
    ...(coverageOf === undefined
      ? []
      : [
          `--cov=${quote(coverageOf)}`,
          '--cov-report=term',
          `--cov-report=xml:${REPORTS.python.coverage}`,
        ]),
    ...(minimum === undefined || coverageOf === undefined
      ? []
      : [`--cov-fail-under=${minimum}`]),
  ];
}

function nodeSteps(run: TestRun): Step[] {
  const { environment, directory } = run;
  const secrets = secretSettings(environment);
  const local = (environment.localPackages ?? []).map(path => ({
    name: `Install ${path}`,
    'working-directory': path,
    run: 'npm ci',
  }));
  const further = (environment.packages ?? []).map(quote).join(' ');
  return [
    {
      name: 'Set up Node.js',
      uses: 'actions/setup-node',
      with: { 'node-version': environment.version },
    },
    ...systemPackages(environment),
    ...local,
    {
      name: 'Install',
      'working-directory': directory,
      run: [
        'npm ci',
        ...(further ? [`npm install --no-save ${further}`] : []),
      ].join('\n'),
    },
    {
      name: 'Test',
      env: {
        ...secrets,
        ...(run.minimum !== undefined && {
          COVERAGE_MINIMUM: String(run.minimum),
        }),
      },
      'working-directory': directory,
      run: 'npm test',
    },
  ].map(step => withoutEmptyEnv(step));
}

function withoutEmptyEnv(step: Step): Step {
  const { env, ...rest } = step;
  return env && Object.keys(env).length > 0 ? step : rest;
}
