import { PipelineDocument } from './schema';
import { quote, suggest } from './suggest';

type Report = (
  path: readonly string[],
  message: string,
  remedy: string,
) => void;

type TestsDocument = NonNullable<PipelineDocument['spec']['tests']>;

/** Checks what generated workflows are made of: names that must exist, orders without a circle, one owner for each thing. */
export function checkPipeline(
  document: PipelineDocument,
  report: Report,
): void {
  checkTests(document, report);
  checkSafetyLevel(document, report);
  checkSuites(document, report);
  checkTestedBy(document, report);
  checkDatabases(document, report);
  checkMachines(document, report);
}

/** Workflows that a safety level has besides the one that deploys. */
const CHECKS = ['test.yml', 'build.yml', 'terraform.yml'];

/** File names that are taken. */
function takenFiles({ spec }: PipelineDocument): string[] {
  const { safetyLevel, workflow = 'deploy.yml' } = spec.pipeline ?? {};
  const goesToEcs = Object.values(spec.services).some(({ environments }) =>
    Object.values(environments).some(({ target }) => target?.type === 'ecs'),
  );
  return [
    workflow,
    ...(safetyLevel === undefined ? [] : CHECKS),
    ...(goesToEcs ? ['rollback.yml'] : []),
  ];
}

function checkSafetyLevel(document: PipelineDocument, report: Report): void {
  const { pipeline } = document.spec;
  const path = ['spec', 'pipeline'];
  if (pipeline?.safetyLevel !== undefined && pipeline.pullRequests) {
    report(
      [...path, 'pullRequests'],
      'with a "safetyLevel" pull requests have workflows of their own',
      'Remove "pullRequests": from level 1 on they are tested.',
    );
  }
  const [deploying, ...others] = takenFiles(document);
  if (pipeline?.workflow !== undefined && others.includes(deploying)) {
    report(
      [...path, 'workflow'],
      `${deploying} is the name of another generated workflow`,
      'Name another file.',
    );
  }
}

/** Packages that a file names, and several suites, are pytest's. */
function checkSuites({ spec }: PipelineDocument, report: Report): void {
  for (const [key, { test }] of Object.entries(spec.services)) {
    for (const name of ['requirements', 'suites'] as const) {
      if (test?.[name] && test.language !== 'python') {
        report(
          ['spec', 'services', key, 'test', name],
          `"${name}" is for python, and the language is ${test.language}`,
          'Remove it.',
        );
      }
    }
  }
}

function checkTests(document: PipelineDocument, report: Report): void {
  const { spec } = document;
  const tests = spec.tests ?? {};
  const environments = spec.environments.map(({ name }) => name);
  const services = Object.keys(spec.services);
  const taken = takenFiles(document);
  const [deploying] = taken;
  for (const [key, one] of Object.entries(tests)) {
    const path = ['spec', 'tests', key];
    if ((one.after === undefined) === (one.workflow === undefined)) {
      report(
        path,
        `the tests ${quote(key)} need either "after" or "workflow"`,
        'Say after which services they run, or in which workflow of their own.',
      );
    }
    if (one.after && (one.schedule || one.pushPaths || one.needs)) {
      report(
        path,
        `the tests ${quote(
          key,
        )} run after a deployment, and cannot have "schedule", "pushPaths" or "needs"`,
        'Remove those, or give the tests a workflow of their own.',
      );
    }
    if (one.workflow === deploying) {
      report(
        [...path, 'workflow'],
        `${deploying} is the workflow that deploys`,
        'Name another file, or use "after".',
      );
    }
    (one.after ?? []).forEach((service, index) => {
      if (!services.includes(service)) {
        report(
          [...path, 'after', String(index)],
          `there is no service ${quote(service)}`,
          suggest(service, services),
        );
      }
    });
    if (one.in !== undefined && !environments.includes(one.in)) {
      report(
        [...path, 'in'],
        `the environment ${quote(one.in)} is not declared`,
        suggest(one.in, environments),
      );
    }
    if (one.workflow !== deploying && taken.includes(one.workflow ?? '')) {
      report(
        [...path, 'workflow'],
        `${one.workflow} is the name of another generated workflow`,
        'Name another file.',
      );
    }
    checkNeeds(key, tests, report);
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
  }
}

function checkTestedBy({ spec }: PipelineDocument, report: Report): void {
  const services = Object.keys(spec.services);
  for (const [key, { testedBy = [] }] of Object.entries(spec.services)) {
    testedBy.forEach((other, index) => {
      const tested = Object.hasOwn(spec.services, other)
        ? spec.services[other]
        : undefined;
      if (other === key || !tested?.test) {
        report(
          ['spec', 'services', key, 'testedBy', String(index)],
          tested
            ? `the service ${quote(other)} ${
                other === key ? 'is this one' : 'has no "test"'
              }`
            : `there is no service ${quote(other)}`,
          suggest(
            other,
            services.filter(name => name !== key && spec.services[name].test),
          ),
        );
      }
    });
  }
}

function checkDatabases({ spec }: PipelineDocument, report: Report): void {
  const runs = [
    ...Object.entries(spec.services).map(
      ([key, { test }]) => [['spec', 'services', key, 'test'], test] as const,
    ),
    ...Object.entries(spec.tests ?? {}).map(
      ([key, tests]) => [['spec', 'tests', key], tests] as const,
    ),
  ];
  for (const [path, run] of runs) {
    (run?.databases ?? []).forEach(({ type }, index, all) => {
      if (all.findIndex(other => other.type === type) < index) {
        report(
          [...path, 'databases', String(index)],
          `there are two databases of the type ${type}, which would take the same port`,
          'Keep one of them.',
        );
      }
    });
  }
}

/** Two services that would shut each other out. That no two have one unit or directory is seen with the targets. */
function checkMachines({ spec }: PipelineDocument, report: Report): void {
  const owners = new Map<string, string>();
  for (const [service, { environments }] of Object.entries(spec.services)) {
    for (const [name, { target }] of Object.entries(environments)) {
      if (target?.type === 'azure-vm' && target.health?.udpPort) {
        const { connection = '', resourceGroup, name: machine } = target;
        const port = target.health.udpPort;
        const key = [connection, resourceGroup, machine, port]
          .join('/')
          .toLocaleLowerCase('en-US');
        const owner = owners.get(key) ?? service;
        if (owner !== service) {
          report(
            [
              ...['spec', 'services', service, 'environments', name],
              ...['target', 'health', 'udpPort'],
            ],
            `the services ${quote(owner)} and ${quote(
              service,
            )} both listen at the UDP port ${port} of one machine`,
            'Give each its own.',
          );
        }
        owners.set(key, owner);
      }
    }
  }
}
