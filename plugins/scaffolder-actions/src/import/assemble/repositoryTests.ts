import { posix } from 'node:path';
import { JobView } from '../source/JobView';
import { settingOf } from '../source/scope';
import { Leaf } from '../types';
import { Language } from '../testJobs/languages';
import { toolsBeside } from '../testJobs/readTestJob';
import { keptOf, reportsOf } from '../testJobs/results';
import { Deployment, Repository } from './Repository';
import { PlacedTests } from './testPlaces';
import { assembleServicesOf, environmentTested } from './testSubjects';
import { assembleTriggers } from './testTriggers';
import { assembleRun, assembleSurroundings } from './tests';
import { plain } from './values';

/** The report that the tests of a language leave behind by themselves. */
const OWN_REPORT = 'test-report.xml';

/** What scans leave behind, and what compose does: nobody has to name them. */
const USUAL_FILES =
  /^(dependencies|results|image-[\w-]+|codeql\/[\w-]+)\.sarif$/;

/** Sets `spec.tests`. */
export function assembleRepositoryTests(
  repository: Repository,
  deployments: readonly Deployment[],
  all: readonly PlacedTests[],
): void {
  for (const placed of inOrder(repository, all)) {
    assemblePlace(repository, placed);
    assembleContent(repository, deployments, placed);
    assembleResults(repository, placed.job);
    assembleFiles(repository, placed);
    assembleServicesOf(repository, deployments, placed);
  }
  openSubjects(repository, all);
}

/** Tests that report nothing do not say what they are about. */
function openSubjects(
  { draft }: Repository,
  all: readonly PlacedTests[],
): void {
  const silent = all
    .filter(({ job }) => reportsOf(job).length === 0)
    .map(({ job }) => job.key);
  if (silent.length > 0) {
    draft.open.push({
      key: `spec.tests.{${silent.join(',')}}.in`,
      message:
        'which environment and services tests are about, and of which suite, that report nothing',
      remedy: 'Name it as in, services and suite, if anybody goes by it.',
    });
  }
}

/** What comes before several environments, in the order of those. */
function inOrder(
  { draft }: Repository,
  all: readonly PlacedTests[],
): PlacedTests[] {
  const environments = draft.get(['spec', 'environments']) as {
    name: string;
  }[];
  const rankOf = ({ place }: PlacedTests) =>
    place.kind === 'before'
      ? environments.findIndex(
          ({ name }) => name === place.deployments[0].environment,
        )
      : -1;
  return [...all].sort((left, right) => rankOf(left) - rankOf(right));
}

function assemblePlace(
  repository: Repository,
  { job, place }: PlacedTests,
): void {
  const { draft } = repository;
  const path = ['spec', 'tests', job.key];
  const needing = (other: JobView): Leaf[] =>
    job.needs
      .filter(({ value }) => value === other.key)
      .flatMap(({ leaves }) => [...leaves]);
  switch (place.kind) {
    case 'after':
      place.deployments.forEach(({ service, job: deployed }) =>
        draft.add([...path, 'after'], {
          value: service,
          leaves: needing(deployed),
        }),
      );
      break;
    case 'before':
      place.deployments.forEach(({ environment, job: waiting }) =>
        draft.add([...path, 'before'], {
          value: environment,
          leaves: waiting.needs
            .filter(({ value }) => value === job.key)
            .flatMap(({ leaves }) => leaves),
        }),
      );
      break;
    default:
      assembleTriggers(repository, job, place.workflow);
  }
}

function assembleContent(
  repository: Repository,
  deployments: readonly Deployment[],
  placed: PlacedTests,
): void {
  const { draft } = repository;
  const { job, place, run } = placed;
  const { facts } = job;
  const path = ['spec', 'tests', job.key];
  const [report] = reportsOf(job);
  const { languages = [] } = run?.isScan
    ? ((run.said.find(({ key }) => key[0] === 'scan')?.told.value ?? {}) as {
        languages?: string[];
      })
    : {};
  // Several reports of one job have what tells them apart behind the name.
  const suite =
    languages.length > 1
      ? report?.suite.replace(new RegExp(`-${languages[0]}$`), '')
      : report?.suite;
  draft.set(
    [...path, 'in'],
    plain(report?.environment) ??
      environmentTested(repository, deployments, placed),
  );
  if (suite) {
    draft.set([...path, 'suite'], { value: suite, leaves: [] }, job.key);
  }
  draft.set([...path, 'mode'], plain(report?.mode));
  const login = facts.one('azureLogin');
  draft.set([...path, 'login'], login && { ...login, value: 'azure' });
  const after = place.kind === 'after' ? place.deployments : [];
  if (run) {
    for (const { key, told } of run.said) {
      draft.set([...path, ...key], told);
      draft.accounts.whole(told.leaves, [...path, ...key].join('.'));
    }
    assembleSurroundings(repository, job, path, {
      minutes: 30,
      variables: run.variables,
    });
  } else {
    draft.set([...path, 'directory'], plain(facts.one('testDirectory')), '.');
    draft.set([...path, 'select'], plain(facts.one('select')));
    facts.all('compose').forEach(told => draft.add([...path, 'compose'], told));
    assembleRun(repository, job, path, { minutes: 30 });
    const language = draft.get([...path, 'language']) as Language;
    for (const { key, told } of toolsBeside(job, language)) {
      draft.set([...path, ...key], told);
    }
  }
  assembleWaits(repository, job, path, after);
}

/** What has to answer first; what was just deployed has to anyway. */
function assembleWaits(
  { draft }: Repository,
  { facts }: JobView,
  path: readonly string[],
  after: readonly Deployment[],
): void {
  const waits = facts.all('wait');
  const addresses = after.map(({ service, environment }) =>
    draft.get([
      'spec',
      'services',
      service,
      'environments',
      environment,
      'url',
    ]),
  );
  for (const { value, leaves } of waits) {
    const isUsual = addresses.some(
      url => typeof url === 'string' && value.url.startsWith(url),
    );
    if (!isUsual) {
      draft.add([...path, 'waitFor'], { value: value.url, leaves });
    }
    draft.set([...path, 'waitSeconds'], { value: value.seconds, leaves }, 300);
  }
}

function assembleResults({ draft }: Repository, { key, facts }: JobView): void {
  const path = ['spec', 'tests', key, 'results'];
  for (const { value, leaves } of facts.all('results')) {
    const setting = settingOf(value.key ?? '');
    if (value.url !== undefined) {
      draft.set([...path, 'url'], { value: value.url, leaves });
    } else if (typeof setting === 'object' && setting.secret) {
      draft.set([...path, 'key'], { value: setting.secret, leaves });
    }
  }
}

/** Reports and what else is kept, relative to where the tests run. */
function assembleFiles({ draft }: Repository, { job, run }: PlacedTests): void {
  const path = ['spec', 'tests', job.key];
  const { facts } = job;
  const directory = run?.directory ?? facts.one('testDirectory')?.value ?? '.';
  const inside = (file: string) => posix.relative(directory, file);
  const reported = reportsOf(job).flatMap(({ files }) => files);
  for (const { value, leaves } of reported) {
    const file = inside(value.file);
    const isUsual = run
      ? run.isScan
      : value.type === 'test' && file === OWN_REPORT;
    if (!isUsual) {
      draft.set([...path, 'reports', value.type], { value: file, leaves });
    }
  }
  const { files, leaves } = keptOf(job);
  const usual = [
    'compose.log',
    ...(run ? [] : [posix.join(directory, OWN_REPORT)]),
    ...reported.map(({ value }) => value.file),
  ];
  for (const file of files) {
    if (!usual.includes(file) && !(run?.isScan && USUAL_FILES.test(file))) {
      draft.add([...path, 'artifacts'], { value: inside(file), leaves });
    }
  }
  draft.set([...path, 'artifactDays'], facts.one('artifactDays'), 7);
}
