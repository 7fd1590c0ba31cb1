import { literal } from './expressions';
import { changesJob } from './jobs/changes';
import { buildsImageApart } from './jobs/conditions';
import { deployJob } from './jobs/deployJob';
import { imageJob } from './jobs/imageJob';
import {
  afterDeploymentJob,
  NamedTests,
  scheduledJob,
  testsAfterDeployment,
} from './jobs/repositoryTests';
import { testJob } from './jobs/testJob';
import { verifyJob, verifyJobOf } from './jobs/verify';
import { Job, Workflow } from './model';
import { names } from './names';
import { PipelinePlan } from './plan';

/** Scripts stop at the first command that fails, at an unset variable, and within a pipeline. */
const defaults = { run: { shell: 'bash -euo pipefail {0}' } };

/** The workflows of a pipeline, by file name. */
export function workflowsOf(plan: PipelinePlan): Map<string, Workflow> {
  return new Map([
    [plan.settings.workflow, deployWorkflow(plan)],
    ...testsWorkflows(plan),
  ]);
}

/** Tests, builds and deploys what changed. */
function deployWorkflow(plan: PipelinePlan): Workflow {
  const { settings, units, groups } = plan;
  return {
    name: settings.title,
    on: {
      push: { branches: settings.branches },
      ...(settings.pullRequests && {
        pull_request: { branches: settings.branches },
      }),
      workflow_dispatch: {
        inputs: {
          force: {
            description: 'Deploy although nothing changed',
            type: 'choice',
            options: ['nothing', 'all', ...units.map(({ key }) => key)],
            default: 'nothing',
          },
        },
      },
    },
    permissions: {},
    defaults,
    jobs: Object.fromEntries([
      ['changes', changesJob(plan)],
      ...jobs(units, unit => [[names.test(unit.key), testJob(plan, unit)]]),
      ...jobs(groups, group => [
        [
          names.image(group.key),
          buildsImageApart(group) ? imageJob(plan, group) : undefined,
        ],
        [group.job, deployJob(plan, group)],
        [
          names.verify(group.job),
          verifyJobOf(group) ? verifyJob(plan, group) : undefined,
        ],
      ]),
      ...jobs(testsAfterDeployment(plan), named => [
        [named.key, afterDeploymentJob(plan, named)],
      ]),
    ]),
  };
}

function jobs<Item>(
  items: readonly Item[],
  make: (item: Item) => [string, Job | undefined][],
): [string, Job][] {
  return items
    .flatMap(make)
    .filter((entry): entry is [string, Job] => entry[1] !== undefined);
}

/** Workflows that only test: by night, by hand, or on a change of the tests. */
function testsWorkflows(plan: PipelinePlan): [string, Workflow][] {
  const byFile = new Map<string, NamedTests[]>();
  for (const [key, tests] of Object.entries(plan.spec.tests ?? {})) {
    if (tests.workflow) {
      byFile.set(tests.workflow, [
        ...(byFile.get(tests.workflow) ?? []),
        { key, tests },
      ]);
    }
  }
  return [...byFile].map(([file, named]) => [
    file,
    testsWorkflow(plan, file, named),
  ]);
}

function testsWorkflow(
  plan: PipelinePlan,
  file: string,
  named: readonly NamedTests[],
): Workflow {
  const modes = named.flatMap(({ tests }) => tests.mode ?? []);
  const schedules = [
    ...new Set(named.flatMap(({ tests }) => tests.schedule ?? [])),
  ];
  const pushPaths = [
    ...new Set(named.flatMap(({ tests }) => tests.pushPaths ?? [])),
  ];
  return {
    name:
      named.map(({ tests }) => tests.title).find(title => title) ??
      file.replace(/\.ya?ml$/, ''),
    on: {
      ...(schedules.length > 0 && {
        schedule: schedules.map(cron => ({ cron })),
      }),
      ...(pushPaths.length > 0 && {
        push: { branches: plan.settings.branches, paths: pushPaths },
      }),
      workflow_dispatch:
        modes.length > 0
          ? {
              inputs: {
                mode: {
                  description: 'What to test',
                  type: 'choice',
                  options: modes,
                  default: modes[0],
                },
              },
            }
          : {},
    },
    permissions: {},
    defaults,
    // Two runs would test each other.
    concurrency: {
      group: `tests-${file.replace(/\.ya?ml$/, '')}`,
      'cancel-in-progress': false,
    },
    jobs: Object.fromEntries(
      named.map(one => [
        one.key,
        scheduledJob(plan, one, isChosen(one, named)),
      ]),
    ),
  };
}

/** When a job of such a workflow is wanted; undefined if always. */
function isChosen(
  { key, tests }: NamedTests,
  all: readonly NamedTests[],
): string | undefined {
  // What another one needs runs whenever that one does.
  const asked = [
    tests.mode,
    ...all
      .filter(other => other.tests.needs === key)
      .map(other => other.tests.mode),
  ].filter((mode): mode is string => mode !== undefined);
  const reasons = [
    ...(tests.schedule ? ["github.event_name == 'schedule'"] : []),
    ...(tests.pushPaths ? ["github.event_name == 'push'"] : []),
    ...(asked.length > 0
      ? asked.map(mode => `inputs.mode == ${literal(mode)}`)
      : ["github.event_name == 'workflow_dispatch'"]),
  ];
  return all.length === 1 ? undefined : reasons.join(' || ');
}
