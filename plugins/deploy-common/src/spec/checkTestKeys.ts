import { PipelineDocument } from './schema';
import { quote } from './suggest';

type Report = (
  path: readonly string[],
  message: string,
  remedy: string,
) => void;

type TestsDocument = NonNullable<PipelineDocument['spec']['tests']>;
type OneDocument = TestsDocument[string];
type Language = OneDocument['language'];

/** Keys of tests that not every language has, and where else it is said. */
const LANGUAGES: Readonly<
  Record<
    string,
    {
      of: readonly Language[];
      elsewhere?: Readonly<Partial<Record<Language, string>>>;
    }
  >
> = {
  version: { of: ['python', 'typescript', 'rust'] },
  localPackages: {
    of: ['python', 'typescript'],
    elsewhere: { rust: 'Name them in Cargo.toml, by their path.' },
  },
  packages: {
    of: ['python', 'typescript'],
    elsewhere: { rust: 'Name them in Cargo.toml, under dev-dependencies.' },
  },
  select: {
    of: ['python'],
    elsewhere: {
      typescript: 'Choose in the script that "npm test" runs.',
      rust: 'Leave tests out by their attribute #[ignore].',
    },
  },
  source: {
    of: ['python', 'rust'],
    elsewhere: {
      typescript:
        'Say it where the coverage is measured, such as collectCoverageFrom of Jest.',
    },
  },
  requirements: { of: ['python'] },
  suites: { of: ['python'] },
};

/** Refuses keys of tests that the tests would make nothing of: nobody would see that they lack. */
export function checkTestKeys(
  { spec }: PipelineDocument,
  report: Report,
): void {
  for (const [key, { test }] of Object.entries(spec.services)) {
    if (test) {
      checkLanguage(test, ['spec', 'services', key, 'test'], report);
    }
  }
  for (const [key, one] of Object.entries(spec.tests ?? {})) {
    const path = ['spec', 'tests', key];
    checkLanguage(one, path, report);
    checkCommands(one, path, report);
    checkScanned(one, path, report);
    checkWorkflowKeys(key, spec.tests ?? {}, report);
    checkReported(spec, one, path, report);
    checkWaiting(spec, one, path, report);
  }
}

function checkLanguage(
  test: { language: Language },
  path: readonly string[],
  report: Report,
): void {
  const { language } = test;
  for (const [name, { of, elsewhere }] of Object.entries(LANGUAGES)) {
    if (Object.hasOwn(test, name) && !of.includes(language)) {
      report(
        [...path, name],
        `"${name}" is for ${of.join(' and ')}, and the language is ${language}`,
        ['Remove it.', elsewhere?.[language] ?? []].flat().join(' '),
      );
    }
  }
}

function checkCommands(
  { commands, select, language }: OneDocument,
  path: readonly string[],
  report: Report,
): void {
  if (commands && select !== undefined && language === 'python') {
    report(
      [...path, 'select'],
      '"commands" run in place of pytest, which alone would go by "select"',
      'Remove it, and choose in the command, such as pytest -m "not slow".',
    );
  }
}

/** A scan is one step, for all of the repository, whose reports are its own. */
function checkScanned(
  { scan, directory, reports, environment = {}, ...one }: OneDocument,
  path: readonly string[],
  report: Report,
): void {
  if (!scan) {
    return;
  }
  for (const [name, value] of Object.entries({ directory, reports })) {
    if (value !== undefined) {
      report(
        [...path, name],
        `a scan is of the whole repository, with a report of its own, and "${name}" would do nothing`,
        'Remove it.',
      );
    }
  }
  for (const [name, value] of Object.entries(environment)) {
    if (typeof value === 'object' && value.secret !== undefined) {
      report(
        [...path, 'environment', name],
        'no step of a scan gets secrets',
        'Remove it.',
      );
    }
  }
  if (scan.type === 'image' && one.services && !one.before) {
    report(
      [...path, 'services'],
      'each service with an "image.repository" is scanned, and has the report of its own',
      'Remove it.',
    );
  }
}

/** What is about the workflow that tests stand in. */
function checkWorkflowKeys(
  key: string,
  tests: TestsDocument,
  report: Report,
): void {
  const one = tests[key];
  const path = ['spec', 'tests', key];
  const { workflow, on = [], pushPaths } = one;
  if (one.branches && on.length === 0 && !pushPaths) {
    report(
      [...path, 'branches'],
      'no push and no pull request starts these tests',
      'Remove "branches", or add on: [push].',
    );
  }
  if (workflow === undefined) {
    if (one.title !== undefined) {
      report(
        [...path, 'title'],
        'these tests have no workflow of their own that could be called so',
        'Remove "title", or give them a "workflow".',
      );
    }
    return;
  }
  const together = Object.entries(tests).filter(
    ([, other]) => other.workflow === workflow,
  );
  const [titled] = together.find(([, { title }]) => title !== undefined) ?? [];
  if (
    titled !== undefined &&
    one.title !== undefined &&
    one.title !== tests[titled].title
  ) {
    report(
      [...path, 'title'],
      `${workflow} has the "title" of ${quote(titled)} already`,
      'Keep one of the two.',
    );
  }
  if (
    one.modeInput !== undefined &&
    together.every(([, { mode }]) => mode === undefined)
  ) {
    report(
      [...path, 'modeInput'],
      `no tests of ${workflow} have a "mode" that could be chosen`,
      'Remove it, or add a "mode".',
    );
  }
  const [pushed] =
    together.find(([, other]) => other.on?.includes('push')) ?? [];
  if (pushPaths && pushed !== undefined) {
    report(
      [...path, 'pushPaths'],
      `every push runs ${workflow}, as ${quote(
        pushed,
      )} asks for, whatever it changes`,
      pushed === key
        ? 'Keep "pushPaths", or on: [push].'
        : 'Remove it, or give these tests a workflow of their own.',
    );
  }
}

/** What is said of reports and of what is kept, where there is none of it. */
function checkReported(
  { environments }: PipelineDocument['spec'],
  one: OneDocument,
  path: readonly string[],
  report: Report,
): void {
  const { language, commands, reports, scan, artifacts, compose } = one;
  const own = !commands && ['python', 'typescript'].includes(language);
  const isScan = scan !== undefined && scan.type !== 'commits';
  const hasReports = own || reports !== undefined || isScan;
  if (one.artifactDays !== undefined && !hasReports && !artifacts && !compose) {
    report(
      [...path, 'artifactDays'],
      'these tests keep nothing at GitHub',
      'Remove it, or add "reports" or "artifacts".',
    );
  }
  if (one.results && !own && !reports?.test) {
    report(
      [...path, 'results'],
      'these tests leave no report whose counts could be posted',
      'Add reports: {test: …}, a file in the format of JUnit, or remove "results".',
    );
  }
  // Where tests get at a private network is told by the environment.
  const isReached = environments.some(
    ({ name, deploy }) => name === one.in && deploy?.compose?.tailscale,
  );
  const silent = [
    ...(one.suite === undefined ? [] : ['suite']),
    ...(one.services && !one.before ? ['services'] : []),
    ...(one.mode !== undefined && !one.workflow ? ['mode'] : []),
    ...(one.in === undefined || one.after || one.before || isReached
      ? []
      : ['in']),
  ];
  for (const name of hasReports ? [] : silent) {
    report(
      [...path, name],
      `these tests report nothing, and "${name}" says what their evidence is of`,
      `Add "reports", or remove "${name}".`,
    );
  }
}

function checkWaiting(
  { environments, services }: PipelineDocument['spec'],
  { waitSeconds, waitFor, after = [], in: place }: OneDocument,
  path: readonly string[],
  report: Report,
): void {
  const isAsked = after.some(key =>
    Object.entries(
      Object.hasOwn(services, key) ? services[key].environments : {},
    ).some(
      ([name, { url }]) =>
        (place === undefined || place === name) &&
        (url ?? environments.find(one => one.name === name)?.url) !== undefined,
    ),
  );
  if (waitSeconds !== undefined && !waitFor && !isAsked) {
    report(
      [...path, 'waitSeconds'],
      'there is no address that these tests wait for',
      'Add "waitFor", or remove it.',
    );
  }
}
