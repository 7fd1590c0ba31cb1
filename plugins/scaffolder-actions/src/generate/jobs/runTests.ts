import {
  RepositoryTestsSpec,
  ServiceTestSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { expressionOf, quote } from '../expressions';
import { Job, ServiceContainer, Step } from '../model';
import { getsSecret } from './installations';
import { rustSetUp, rustTest } from './rustTests';
import { toolSteps } from './tools';

/** What tests of a service and of several together are run with. */
export type TestEnvironment = Omit<
  ServiceTestSpec,
  'language' | 'version' | 'source' | 'directory' | 'requirements' | 'suites'
> &
  Pick<
    RepositoryTestsSpec[string],
    'language' | 'version' | 'select' | 'tools' | 'commands' | 'matrix'
  >;

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
export const REPORTS: Readonly<
  Record<TestEnvironment['language'], { tests?: string; coverage?: string }>
> = {
  python: { tests: 'test-report.xml', coverage: 'coverage.xml' },
  typescript: { tests: 'test-report.xml', coverage: 'coverage/lcov.info' },
  rust: { coverage: 'cobertura.xml' },
  none: {},
};

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
    ...Object.fromEntries(
      Object.keys(environment.matrix ?? {}).map(name => [
        name.toUpperCase().replace(/-/g, '_'),
        `\${{ matrix.${name} }}`,
      ]),
    ),
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

/** What each language takes; steps of `none` are commands alone. */
const languages: Readonly<
  Record<
    TestEnvironment['language'],
    Record<'up' | 'install' | 'test', (run: TestRun) => Step[]>
  >
> = {
  python: { up: pythonSetUp, install: pythonInstall, test: pythonTest },
  typescript: { up: nodeSetUp, install: nodeInstall, test: nodeTest },
  rust: {
    up: rustSetUp,
    install: () => [],
    test: run => [rustTest(run, secretSettings(run.environment))],
  },
  none: { up: () => [], install: () => [], test: () => [] },
};

/** Sets up the language and what else is needed, installs, and runs the tests, or commands in their place. */
export function testSteps(run: TestRun): Step[] {
  const { environment } = run;
  const set = languages[environment.language];
  return [
    ...set.up(run),
    ...toolSteps(environment.tools),
    ...systemPackages(environment),
    ...set.install(run),
    ...(environment.commands ? commandSteps(run) : set.test(run)),
  ];
}

function commandSteps({ environment, directory }: TestRun): Step[] {
  const secrets = Object.entries(secretSettings(environment));
  return (environment.commands ?? []).map(command =>
    withoutEmptyEnv({
      name: commandName(command),
      env: Object.fromEntries(
        secrets.filter(([name]) => getsSecret(command, name)),
      ),
      ...(directory !== '.' && { 'working-directory': directory }),
      run: command,
    }),
  );
}

/** What the step of a command is called. */
export function commandName(command: string): string {
  return `Run ${command.length > 60 ? `${command.slice(0, 60)}…` : command}`;
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

function pythonSetUp({ environment }: TestRun): Step[] {
  return [
    {
      name: 'Set up Python',
      uses: 'actions/setup-python',
      with: { 'python-version': environment.version ?? '' },
    },
  ];
}

function pythonInstall(run: TestRun): Step[] {
  const { environment, directory } = run;
  const editable = [
    ...(environment.localPackages ?? []),
    ...(run.isPackage ? [directory] : []),
  ].flatMap(path => ['--editable', quote(`./${path}`.replace('/./', '/'))]);
  const wanted = [
    ...(environment.commands ? [] : ['pytest']),
    ...(run.coverageOf === undefined ? [] : ['pytest-cov']),
    ...(environment.packages ?? []),
  ].map(quote);
  const all = [...editable, ...requirementsOf(run), ...wanted];
  return all.length === 0
    ? []
    : [
        {
          name: 'Install',
          ...(run.suites && { id: 'install' }),
          run: `python -m pip install ${all.join(' ')}`,
        },
      ];
}

function pythonTest(run: TestRun): Step[] {
  return run.suites
    ? Object.entries(run.suites).map(([suite, folder], index) =>
        suiteStep(run, { suite, folder, isFirst: index === 0 }),
      )
    : [pytestStep(run)];
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
  report: string = REPORTS.python.tests ?? '',
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

function nodeSetUp({ environment }: TestRun): Step[] {
  return [
    {
      name: 'Set up Node.js',
      uses: 'actions/setup-node',
      with: { 'node-version': environment.version ?? '' },
    },
  ];
}

function nodeInstall({ environment, directory }: TestRun): Step[] {
  const local = (environment.localPackages ?? []).map(path => ({
    name: `Install ${path}`,
    'working-directory': path,
    run: 'npm ci',
  }));
  const further = (environment.packages ?? []).map(quote).join(' ');
  return [
    ...local,
    {
      name: 'Install',
      'working-directory': directory,
      run: [
        'npm ci',
        ...(further ? [`npm install --no-save ${further}`] : []),
      ].join('\n'),
    },
  ];
}

function nodeTest({ environment, directory, minimum }: TestRun): Step[] {
  return [
    withoutEmptyEnv({
      name: 'Test',
      env: {
        ...secretSettings(environment),
        ...(minimum !== undefined && { COVERAGE_MINIMUM: String(minimum) }),
      },
      'working-directory': directory,
      run: 'npm test',
    }),
  ];
}

function withoutEmptyEnv(step: Step): Step {
  const { env, ...rest } = step;
  return env && Object.keys(env).length > 0 ? step : rest;
}
