import { posix } from 'node:path';
import { settingOf } from '../source/scope';
import { JobView } from '../source/JobView';
import { entitiesOf } from '../testJobs/results';
import { Told } from '../types';
import { Deployment, Repository } from './Repository';
import { isOfSeveral } from './testPlaces';
import { usualDirectory } from './services';
import { numeric, plain } from './values';

const DATABASES: Readonly<Record<string, 'postgresql' | 'redis'>> = {
  postgres: 'postgresql',
  postgresql: 'postgresql',
  redis: 'redis',
};

/** What tests run with, whether of one service or of several. */
export function assembleRun(
  repository: Repository,
  job: JobView,
  path: readonly string[],
  { minutes }: { minutes: number },
): void {
  const { draft } = repository;
  const { facts } = job;
  draft.set([...path, 'language'], facts.one('language'));
  draft.accounts.kept(
    facts.all('testRun').flatMap(({ leaves }) => leaves),
    'the generated job runs the tests',
  );
  draft.set([...path, 'version'], plain(facts.one('languageVersion')));
  const directory = facts.one('testDirectory')?.value;
  const [{ step: firstRun = Infinity } = {}] = facts.all('testRun');
  for (const told of facts.all('localPackage')) {
    if (told.value !== directory && told.step < firstRun) {
      draft.add([...path, 'localPackages'], told);
    }
  }
  facts.all('package').forEach(told => draft.add([...path, 'packages'], told));
  facts
    .all('systemPackage')
    .forEach(told => draft.add([...path, 'systemPackages'], told));
  assembleSurroundings(repository, job, path, {
    minutes,
    variables: facts.all('testVariable'),
  });
}

/** What is there besides the tests, whatever they are, and how long they may take. */
export function assembleSurroundings(
  repository: Repository,
  job: JobView,
  path: readonly string[],
  {
    minutes,
    variables,
  }: {
    minutes: number;
    variables: readonly Told<{ name: string; value: string }>[];
  },
): void {
  const { draft } = repository;
  assembleDatabases(repository, job, path);
  assembleVariables(repository, job, path, variables);
  draft.set(
    [...path, 'timeoutMinutes'],
    numeric(job.text('timeout-minutes')),
    minutes,
  );
}

/** Service containers that hold a database, and the variable that tells its address. */
function assembleDatabases(
  { draft, accounts }: Repository,
  job: JobView,
  path: readonly string[],
): void {
  const names = new Set(job.under('services').map(leaf => leaf.path[3]));
  for (const name of names) {
    const image = job.text('services', name, 'image');
    const [, base, version] =
      /^(?:docker\.io\/)?(?:library\/)?([a-z]+):([\w.-]+)$/.exec(
        image?.value ?? '',
      ) ?? [];
    const type = DATABASES[base];
    const variables = [...job.under('env'), ...stepVariables(job)];
    const address = variables.find(({ value }) =>
      type === 'redis'
        ? /^rediss?:\/\//.test(String(value))
        : /^postgres(ql)?(\+\w+)?:\/\//.test(String(value)),
    );
    if (type && image && address) {
      const variable = address.path[address.path.length - 1];
      draft.add([...path, 'databases'], {
        value: { type, version, variable },
        leaves: [...image.leaves, address],
      });
      accounts.kept(
        job
          .under('services', name)
          .filter(
            ({ path: own }) =>
              ['ports', 'options'].includes(own[4]) ||
              /^(POSTGRES|REDIS)_/.test(own[5] ?? ''),
          ),
        'a generated job has the database on its usual port, without a password, and waits until it is healthy',
      );
    } else if (image) {
      accounts.refuse(
        job.under('services', name),
        type
          ? 'no variable tells the tests the address of the database'
          : `a container of ${image.value} beside the tests; only postgresql and redis are generated`,
        type
          ? `Say which one does, under ${path.join('.')}.databases.`
          : 'Start it by a compose file, under spec.tests.<job>.compose.',
      );
    }
  }
}

function stepVariables(job: JobView) {
  return job.steps.flatMap(step => step.under('env'));
}

/** Variables that the tests see, of the job and of the steps that run them. */
function assembleVariables(
  { draft, accounts }: Repository,
  job: JobView,
  path: readonly string[],
  ofTests: readonly Told<{ name: string; value: string }>[],
): void {
  const databases = (draft.get([...path, 'databases']) ?? []) as {
    variable: string;
  }[];
  const own = job.under('env').map(leaf => ({
    value: {
      name: leaf.path[3],
      value: job.text('env', leaf.path[3])?.value ?? '',
    },
    leaves: [leaf],
  }));
  for (const { value, leaves } of [...own, ...ofTests]) {
    const setting = settingOf(value.value);
    if (
      databases.some(({ variable }) => variable === value.name) ||
      isOfMatrix(job, value.name)
    ) {
      continue;
    }
    if (setting === undefined) {
      accounts.refuse(
        leaves,
        `the value of ${value.name} is only known when the workflow runs`,
        'Write the value down, or where it comes from: {secret}, {variable}, {from: commit}.',
      );
    } else {
      draft.set([...path, 'environment', value.name], {
        value: setting,
        leaves,
      });
    }
  }
}

/** Whether a variable hands over a value of the matrix, as it does unless told otherwise. */
function isOfMatrix(job: JobView, name: string): boolean {
  const [, column] =
    /^\$\{\{ matrix\.([\w-]+) \}\}$/.exec(
      String(job.at('env', name)?.value ?? ''),
    ) ?? [];
  return column?.toUpperCase().replace(/-/g, '_') === name;
}

/** Sets how services are tested before they are deployed. */
export function assembleServiceTests(
  repository: Repository,
  deployments: readonly Deployment[],
  jobs: readonly JobView[],
): void {
  for (const job of jobs) {
    const { entities, service } = testedBy(repository, deployments, job);
    if (service === undefined) {
      repository.accounts.refuse(
        job.facts.all('testRun').flatMap(({ leaves }) => leaves),
        'it cannot be told which service these tests are of',
        'Say it as spec.services.<key>.test, or as spec.tests.<job> with "before" if they are of several.',
      );
      continue;
    }
    assembleServiceTest(repository, job, service);
    for (const told of entities) {
      repository.draft.set(['spec', 'services', service, 'entity'], told);
    }
  }
  assembleTestedBy(repository, deployments, jobs);
}

function testedBy(
  repository: Repository,
  deployments: readonly Deployment[],
  job: JobView,
): { service?: string; entities: Told<string>[] } {
  const services = Object.keys(
    (repository.draft.get(['spec', 'services']) ?? {}) as object,
  );
  const waiting = deployments.filter(one =>
    repository.before(one.job).includes(job),
  );
  const asked = repository.unitOf(job);
  if (isOfSeveral(repository, job)) {
    return { entities: [] };
  }
  const unit = asked ?? /^test-(.+)$/.exec(job.key)?.[1];
  const ofUnit = deployments.find(
    one => repository.unitOf(one.job) === unit && unit !== undefined,
  );
  const [, named] = /^test-(.+)$/.exec(job.key) ?? [];
  const service =
    [unit, job.key, named].find(
      key => key !== undefined && services.includes(key),
    ) ??
    ofUnit?.service ??
    waiting[0]?.service ??
    (services.length === 1 ? services[0] : undefined);
  return {
    ...(service && { service }),
    entities: entitiesOf(job).filter(({ value }) => !value.includes(' ')),
  };
}

function assembleServiceTest(
  repository: Repository,
  job: JobView,
  service: string,
): void {
  const { draft } = repository;
  const { facts } = job;
  const path = ['spec', 'services', service, 'test'];
  assembleRun(repository, job, path, { minutes: 15 });
  const paths = draft.get(['spec', 'services', service, 'paths']) ?? [];
  const usual = usualDirectory(paths as string[]);
  draft.set([...path, 'directory'], plain(facts.one('testDirectory')), usual);
  draft.set([...path, 'select'], plain(facts.one('select')));
  const source = plain(facts.one('coverageSource'));
  draft.set([...path, 'source'], source, '.');
  facts
    .all('requirements')
    .forEach(told => draft.add([...path, 'requirements'], told));
  assembleSuites(repository, job, path);
  const minimum = facts.one('coverageMinimum');
  if (minimum && Number.isFinite(minimum.value)) {
    draft.set(['spec', 'services', service, 'gates', 'coverage'], {
      ...minimum,
      value: { coverage: 'lines', minimum: minimum.value },
    });
  }
}

/** Runs of single directories are suites, by the last word of the directory. */
function assembleSuites(
  { draft }: Repository,
  { facts }: JobView,
  path: readonly string[],
): void {
  const runs = facts.all('testRun').filter(({ value }) => value !== '');
  for (const { value, leaves } of runs) {
    const name = posix
      .basename(value.replace(/\/$/, ''))
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^[^a-z]+/, '');
    if (facts.one('language')?.value === 'python' && name) {
      draft.set([...path, 'suites', name], {
        value: value.replace(/^\.\//, ''),
        leaves,
      });
    }
  }
}

/** Services that wait for the tests of others. */
function assembleTestedBy(
  repository: Repository,
  deployments: readonly Deployment[],
  jobs: readonly JobView[],
): void {
  const { draft } = repository;
  const owners = new Map(
    jobs.flatMap(job => {
      const { service } = testedBy(repository, deployments, job);
      return service ? [[job, service] as const] : [];
    }),
  );
  for (const { job, service } of deployments) {
    const chain = [
      job,
      ...repository.needed(job).filter(one => !one.facts.has('targetType')),
    ];
    const needed = [...owners].filter(
      ([test, owner]) =>
        owner !== service &&
        // What comes together is tested together.
        !deployments.some(one => one.job === job && one.service === owner) &&
        chain.some(one => repository.needed(one).includes(test)),
    );
    for (const [test, owner] of needed) {
      const leaves = chain.flatMap(one =>
        one.needs.filter(({ value }) => value === test.key),
      );
      draft.add(['spec', 'services', service, 'testedBy'], {
        value: owner,
        leaves: leaves.flatMap(told => told.leaves),
      });
    }
  }
}
