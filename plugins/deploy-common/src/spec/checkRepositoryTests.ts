import { deployingFiles, takenFiles } from './checkStages';
import { PipelineDocument } from './schema';
import { quote, suggest } from './suggest';

type Report = (
  path: readonly string[],
  message: string,
  remedy: string,
) => void;

type TestsDocument = NonNullable<PipelineDocument['spec']['tests']>;
type OneDocument = TestsDocument[string];

/** Checks `spec.tests`: where they run, what they are of, and in which order. */
export function checkRepositoryTests(
  document: PipelineDocument,
  report: Report,
): void {
  const tests = document.spec.tests ?? {};
  for (const [key, one] of Object.entries(tests)) {
    const path = ['spec', 'tests', key];
    checkKey(document, key, report);
    checkPlace(key, one, path, report);
    checkWorkflow(document, one, path, report);
    checkNames(document, one, path, report);
    checkContent(key, one, path, report);
    checkScan(one, path, report);
    checkNeeds(key, tests, report);
  }
}

/** Keys that only a workflow of its own has. */
const OF_WORKFLOWS = [
  'schedule',
  'pushPaths',
  'needs',
  'on',
  'modeInput',
] as const;

/** Jobs of one workflow are told apart by their keys. */
function checkKey(
  { spec }: PipelineDocument,
  key: string,
  report: Report,
): void {
  const tests = spec.tests ?? {};
  const services = Object.entries(spec.services);
  const taken = [
    ...['changes', 'release', 'report-failure', 'terraform'],
    ...Object.keys(tests)
      .filter(other => tests[other].issue)
      .map(other => `${other}-issue`),
    ...services.flatMap(([service, { environments }]) => [
      ...[`test-${service}`, `build-${service}`, `build-${service}-image`],
      `deploy-${service}`,
      ...Object.values(environments).flatMap(({ jobs = [] }) =>
        jobs.map(({ job }) => job),
      ),
    ]),
  ];
  if (taken.includes(key)) {
    report(
      ['spec', 'tests', key],
      `there is another job that is called ${quote(key)}`,
      'Give the tests another name.',
    );
  }
}

function checkPlace(
  key: string,
  one: OneDocument,
  path: string[],
  report: Report,
): void {
  if (one.after === undefined && !one.workflow && !one.before) {
    report(
      path,
      `the tests ${quote(key)} need "after", "before" or "workflow"`,
      'Say after which services or before which environments they run, or in which workflow of their own.',
    );
  }
  if (one.after && (one.workflow || one.before)) {
    report(
      path,
      `the tests ${quote(
        key,
      )} run after a deployment, and cannot have "before" or "workflow"`,
      'Remove one of them, or write down two tests.',
    );
  }
  const foreign = OF_WORKFLOWS.filter(name => one[name] && !one.workflow);
  if (foreign.length > 0) {
    report(
      path,
      `the tests ${quote(
        key,
      )} have no workflow of their own, and cannot have ${foreign
        .map(quote)
        .join(', ')}`,
      'Remove those, or give the tests a workflow of their own.',
    );
  }
  if (one.needs && one.before) {
    report(
      [...path, 'needs'],
      'tests before a deployment need nothing but what is deployed',
      'Remove "needs" or "before".',
    );
  }
}

function checkWorkflow(
  document: PipelineDocument,
  { workflow }: OneDocument,
  path: string[],
  report: Report,
): void {
  if (workflow === undefined) {
    return;
  }
  if (deployingFiles(document).includes(workflow)) {
    report(
      [...path, 'workflow'],
      `${workflow} is a workflow that deploys`,
      'Name another file, or use "after" or "before".',
    );
  } else if (takenFiles(document).includes(workflow)) {
    report(
      [...path, 'workflow'],
      `${workflow} is the name of another generated workflow`,
      'Name another file.',
    );
  }
}

function checkNames(
  { spec }: PipelineDocument,
  one: OneDocument,
  path: string[],
  report: Report,
): void {
  const environments = spec.environments.map(({ name }) => name);
  const services = Object.keys(spec.services);
  for (const list of ['after', 'services'] as const) {
    (one[list] ?? []).forEach((service, index) => {
      if (!services.includes(service)) {
        report(
          [...path, list, String(index)],
          `there is no service ${quote(service)}`,
          suggest(service, services),
        );
      }
    });
  }
  const named: [string[], string][] = [
    ...(one.in === undefined
      ? []
      : [[[...path, 'in'], one.in] as [string[], string]]),
    ...(one.before ?? []).map((name, index): [string[], string] => [
      [...path, 'before', String(index)],
      name,
    ]),
  ];
  (one.before ?? []).forEach((name, index) => {
    if (environments.includes(name) && !isDeployedTo(spec, one, name)) {
      report(
        [...path, 'before', String(index)],
        `nothing that these tests are about is deployed to ${quote(name)}`,
        'Name another environment, or a service that has a target there.',
      );
    }
  });
  for (const [place, name] of named) {
    if (!environments.includes(name)) {
      report(
        place,
        `the environment ${quote(name)} is not declared`,
        suggest(name, environments),
      );
    }
  }
}

function isDeployedTo(
  { services }: PipelineDocument['spec'],
  one: OneDocument,
  environment: string,
): boolean {
  return Object.entries(services).some(
    ([key, { environments }]) =>
      (one.services?.includes(key) ?? true) &&
      Object.hasOwn(environments, environment) &&
      environments[environment].target !== undefined,
  );
}

/** What is run: tests of a language, commands, or a scan. */
function checkContent(
  key: string,
  one: OneDocument,
  path: string[],
  report: Report,
): void {
  if (one.language !== 'none' && one.version === undefined) {
    report(
      path,
      `the tests ${quote(key)} have no "version" of ${one.language}`,
      'Name it in quotes, such as version: "3.12".',
    );
  }
  if (one.language === 'none' && !one.commands && !one.scan) {
    report(
      path,
      `there is nothing that the tests ${quote(key)} could run`,
      'Add "commands" or a "scan", or name the language.',
    );
  }
  if (one.login && one.on?.includes('pull-request')) {
    report(
      [...path, 'login'],
      'what a pull request proposes would get at the cloud',
      'Run these tests on pushes, or without "login".',
    );
  }
  if (one.scan && (one.commands || one.language !== 'none')) {
    report(
      [...path, 'scan'],
      'a scan runs alone',
      'Use language: none without "commands", and write down other tests besides.',
    );
  }
}

function checkScan(
  { scan, on = [] }: OneDocument,
  path: string[],
  report: Report,
): void {
  if (!scan) {
    return;
  }
  const { type } = scan;
  const meant: Record<string, string[]> = {
    languages: ['codeql'],
    tag: ['image'],
    licence: ['secrets'],
    severity: ['codeql', 'dependencies', 'image'],
  };
  for (const [name, types] of Object.entries(meant)) {
    if (Object.hasOwn(scan, name) && !types.includes(type)) {
      report(
        [...path, 'scan', name],
        `"${name}" is for ${types.join(', ')}, and the scan is of ${type}`,
        'Remove it.',
      );
    }
  }
  const missing = [
    ...(type === 'codeql' && !scan.languages ? ['languages'] : []),
    ...(type === 'image' && !scan.tag ? ['tag'] : []),
  ];
  for (const name of missing) {
    report(
      [...path, 'scan'],
      `a scan of the type ${type} needs "${name}"`,
      'Add it.',
    );
  }
  if (type === 'commits' && on.join() !== 'pull-request') {
    report(
      [...path, 'scan'],
      'commit messages are looked at where a pull request brings them',
      'Give it a workflow with on: [pull-request] and nothing else.',
    );
  }
}

function checkNeeds(key: string, tests: TestsDocument, report: Report): void {
  const { needs, workflow } = tests[key];
  if (needs === undefined) {
    return;
  }
  const path = ['spec', 'tests', key, 'needs'];
  const needed = Object.hasOwn(tests, needs) ? tests[needs] : undefined;
  if (needed?.workflow !== workflow) {
    report(
      path,
      `there are no tests ${quote(needs)} in the same workflow`,
      suggest(
        needs,
        Object.keys(tests).filter(
          other => other !== key && tests[other].workflow === workflow,
        ),
      ),
    );
    return;
  }
  const seen = new Set([key]);
  for (
    let next: string | undefined = needs;
    next !== undefined && Object.hasOwn(tests, next);
    next = tests[next].needs
  ) {
    if (seen.has(next)) {
      report(
        path,
        `${[...seen, next]
          .map(quote)
          .join(' needs ')}: none of them could begin`,
        'Remove one "needs" of the circle.',
      );
      return;
    }
    seen.add(next);
    checkNeeded(tests[key], { ...tests[next], key: next }, path, report);
  }
}

/** What is needed runs for all that starts the tests that need it. */
function checkNeeded(
  { on = [], pushPaths, schedule }: OneDocument,
  { key, login, scan }: OneDocument & { key: string },
  path: string[],
  report: Report,
): void {
  if (login && on.includes('pull-request')) {
    report(
      path,
      `${quote(
        key,
      )} would run for pull requests too, and what they propose would get at the cloud`,
      'Run these tests on pushes, or without "needs".',
    );
  }
  if (
    scan?.type === 'commits' &&
    (schedule || pushPaths || on.includes('push'))
  ) {
    report(
      path,
      `${quote(
        key,
      )} looks at the commits of pull requests, and these tests run without one too`,
      'Remove "needs", or run these tests with on: [pull-request] and nothing else.',
    );
  }
}
