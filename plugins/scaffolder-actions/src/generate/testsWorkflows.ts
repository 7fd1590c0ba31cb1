import { RepositoryTestsSpec } from '@vvp/backstage-plugin-deploy-common';
import { literal } from './expressions';
import { testIssueJob } from './jobs/issues';
import { testsJobs } from './jobs/repositoryTests';
import { NamedTests } from './jobs/testPlaces';
import { defaults } from './jobs/workflowPieces';
import { keyed } from './keyed';
import { Concurrency, Job, Workflow } from './model';
import { names } from './names';
import { PipelinePlan } from './planModel';

type TestsSpec = RepositoryTestsSpec[string];
type Event = NonNullable<TestsSpec['on']>[number];

/** Workflows that only test: by night, by hand, for pull requests, or on pushes. */
export function testsWorkflows(plan: PipelinePlan): [string, Workflow][] {
  return [...testsByFile(plan)].map(([file, named]) => [
    file,
    testsWorkflow(plan, file, named),
  ]);
}

function testsByFile(plan: PipelinePlan): Map<string, NamedTests[]> {
  const byFile = new Map<string, NamedTests[]>();
  for (const [key, tests] of Object.entries(plan.spec.tests ?? {})) {
    if (tests.workflow && mayTest(plan, key)) {
      byFile.set(tests.workflow, [
        ...(byFile.get(tests.workflow) ?? []),
        { key, tests },
      ]);
    }
  }
  return byFile;
}

/** Below level 4 nothing gets at a cloud, nor what waits for something that does. */
function mayTest({ spec, settings }: PipelinePlan, key: string): boolean {
  const all = spec.tests ?? {};
  for (
    let next: string | undefined = key;
    next !== undefined;
    next = all[next].needs
  ) {
    if (settings.safetyLevel < (all[next].login ? 4 : 1)) {
      return false;
    }
  }
  return true;
}

function testsWorkflow(
  plan: PipelinePlan,
  file: string,
  named: readonly NamedTests[],
): Workflow {
  return {
    name:
      named.map(({ tests }) => tests.title).find(title => title) ??
      file.replace(/\.ya?ml$/, ''),
    on: triggersOf(plan, named),
    permissions: {},
    defaults,
    concurrency: concurrencyOf(file, named),
    jobs: keyed(file, jobsOf(plan, named)),
  };
}

function jobsOf(
  plan: PipelinePlan,
  named: readonly NamedTests[],
): [string, Job][] {
  const isOfPullRequests = named.some(({ tests }) =>
    has(tests, 'pull-request'),
  );
  return named.flatMap((one): [string, Job][] => [
    ...testsJobs(
      plan,
      one,
      {
        ...(one.tests.needs && { needs: [one.tests.needs] }),
        ...conditionOf(one, named),
      },
      isOfPullRequests,
    ),
    ...(one.tests.issue
      ? [
          [
            names.issue(one.key),
            testIssueJob(plan, one.key, one.tests.issue),
          ] as [string, Job],
        ]
      : []),
  ]);
}

function has({ on = [] }: TestsSpec, event: Event): boolean {
  return on.includes(event);
}

function triggersOf(
  { settings }: PipelinePlan,
  named: readonly NamedTests[],
): Workflow['on'] {
  const all = named.map(({ tests }) => tests);
  const distinct = (values: readonly string[]) => [...new Set(values)];
  const schedules = distinct(all.flatMap(({ schedule }) => schedule ?? []));
  const pushed = all.filter(tests => tests.pushPaths || has(tests, 'push'));
  const proposed = all.filter(tests => has(tests, 'pull-request'));
  // One that runs on every push is not to be held back by the paths of another.
  const paths = pushed.some(tests => has(tests, 'push'))
    ? []
    : distinct(pushed.flatMap(({ pushPaths }) => pushPaths ?? []));
  const branchesOf = (tests: readonly TestsSpec[]) =>
    distinct(tests.flatMap(({ branches }) => branches ?? settings.branches));
  const inputs = inputsOf(named);
  return {
    ...(schedules.length > 0 && {
      schedule: schedules.map(cron => ({ cron })),
    }),
    ...(pushed.length > 0 && {
      push: {
        branches: branchesOf(pushed),
        ...(paths.length > 0 && { paths }),
      },
    }),
    ...(proposed.length > 0 && {
      pull_request: { branches: branchesOf(proposed) },
    }),
    workflow_dispatch: inputs ? { inputs } : {},
  };
}

/** What may be chosen by hand, where tests have modes. */
function inputsOf(
  named: readonly NamedTests[],
): Record<string, unknown> | undefined {
  const modes = [...new Set(named.flatMap(({ tests }) => tests.mode ?? []))];
  const own = modeInputOf(named);
  const options = own ? ['all', ...modes] : modes;
  return modes.length > 0
    ? {
        [own ?? 'mode']: {
          description: 'What to test',
          type: 'choice',
          options,
          default: options[0],
        },
      }
    : undefined;
}

function modeInputOf(named: readonly NamedTests[]): string | undefined {
  return named.map(({ tests }) => tests.modeInput).find(input => input);
}

/** Two runs would test each other; what is proposed is tested apart, and a newer proposal makes an older one useless. */
function concurrencyOf(
  file: string,
  named: readonly NamedTests[],
): Concurrency {
  return named.some(({ tests }) => tests.on)
    ? {
        group:
          '${{ github.workflow }}-${{ github.event.pull_request.number || github.run_id }}',
        'cancel-in-progress': "${{ github.event_name == 'pull_request' }}",
      }
    : {
        group: `tests-${file.replace(/\.ya?ml$/, '')}`,
        'cancel-in-progress': false,
      };
}

/** Tests with all that need them, however far: what another one needs runs whenever that one does. */
function withDependents(
  { key, tests }: NamedTests,
  all: readonly NamedTests[],
): TestsSpec[] {
  const dependents = all.filter(other => other.tests.needs === key);
  return [tests, ...dependents.flatMap(other => withDependents(other, all))];
}

/** When a job of such a workflow is wanted; nothing if always. */
function conditionOf(
  named: NamedTests,
  all: readonly NamedTests[],
): Pick<Job, 'if'> {
  const input = modeInputOf(all) ?? 'mode';
  const own = withDependents(named, all);
  const asked = new Set(own.flatMap(({ mode }) => mode ?? []));
  const chosen = [...(input === 'mode' ? [] : ['all']), ...asked];
  const reasons = [
    ...(own.some(({ schedule }) => schedule)
      ? ["github.event_name == 'schedule'"]
      : []),
    ...(own.some(tests => tests.pushPaths || has(tests, 'push'))
      ? ["github.event_name == 'push'"]
      : []),
    ...(own.some(tests => has(tests, 'pull-request'))
      ? ["github.event_name == 'pull_request'"]
      : []),
    ...(own.every(({ mode }) => mode !== undefined)
      ? chosen.map(mode => `inputs.${input} == ${literal(mode)}`)
      : ["github.event_name == 'workflow_dispatch'"]),
  ];
  return all.length === 1 || isAlways(own, all)
    ? {}
    : { if: reasons.join(' || ') };
}

/** Whether tests, with those that need them, run whatever starts their workflow. */
function isAlways(
  own: readonly TestsSpec[],
  all: readonly NamedTests[],
): boolean {
  const events = own.flatMap(({ on = [] }) => on);
  return (
    events.length > 0 &&
    all.every(
      ({ tests }) =>
        tests.mode === undefined &&
        tests.pushPaths === undefined &&
        (tests.schedule === undefined ||
          own.some(({ schedule }) => schedule !== undefined)) &&
        (tests.on ?? []).every(event => events.includes(event)),
    )
  );
}
