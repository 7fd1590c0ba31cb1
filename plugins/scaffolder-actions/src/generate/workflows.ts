import { literal } from './expressions';
import { changesJob } from './jobs/changes';
import { buildJob, planJob, terraformJob } from './jobs/checkJobs';
import { buildsImageApart, isByHand } from './jobs/conditions';
import { deployJob } from './jobs/deployJob';
import { ecsGroups, rollbackJob } from './jobs/ecs';
import { imageJob } from './jobs/imageJob';
import {
  afterDeploymentJob,
  NamedTests,
  scheduledJob,
  testsAfterDeployment,
} from './jobs/repositoryTests';
import { pullRequestTestJob, testJob } from './jobs/testJob';
import { verifyJob, verifyJobOf } from './jobs/verify';
import { Job, Workflow } from './model';
import { names } from './names';
import { Group, PipelinePlan, Unit } from './plan';

/** Scripts stop at the first command that fails, at an unset variable, and within a pipeline. */
const defaults = { run: { shell: 'bash -euo pipefail {0}' } };

/** The workflows of a pipeline, by file name. */
export function workflowsOf(plan: PipelinePlan): Map<string, Workflow> {
  const { settings } = plan;
  const level = settings.safetyLevel;
  const named: [string, Workflow][] = [
    ...(level >= 4
      ? [[settings.workflow, deployWorkflow(plan)] as [string, Workflow]]
      : []),
    ...(settings.hasChecks ? checkWorkflows(plan) : []),
    ...(level >= 4 && ecsGroups(plan).length > 0
      ? [['rollback.yml', rollbackWorkflow(plan)] as [string, Workflow]]
      : []),
    ...testsWorkflows(plan),
  ];
  return new Map(
    named.filter(([, workflow]) => Object.keys(workflow.jobs).length > 0),
  );
}

/** Tests, builds and deploys what changed, or what somebody asks for. */
function deployWorkflow(plan: PipelinePlan): Workflow {
  const { settings, units, groups } = plan;
  return {
    name: settings.title,
    on: {
      ...(!isByHand(plan) && { push: { branches: settings.branches } }),
      ...(settings.pullRequests && {
        pull_request: { branches: settings.branches },
      }),
      workflow_dispatch: {
        inputs: {
          ...(isByHand(plan) ? confirmation('DEPLOY') : {}),
          ...choiceOf(plan),
          ...(ecsGroups(plan).length > 0 && {
            version: {
              description: 'Tag of the image, the commit unless said otherwise',
              type: 'string',
              required: false,
            },
          }),
        },
      },
    },
    permissions: {},
    defaults,
    jobs: Object.fromEntries([
      ...(isByHand(plan)
        ? []
        : ([['changes', changesJob(plan)]] as [string, Job][])),
      ...jobs(units, unit => [[names.test(unit.key), testJob(plan, unit)]]),
      ...(settings.hasChecks
        ? [
            ...jobs(units, unit => [
              [names.check(unit.key), buildJob(plan, unit, false)],
            ]),
            ...jobs([plan], () => [['terraform', terraformJob(plan, false)]]),
          ]
        : []),
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

/** What whoever starts it has to type; anything else runs nothing. */
function confirmation(word: string) {
  return {
    confirm: {
      description: `Type ${word} to confirm`,
      type: 'string',
      required: true,
    },
  };
}

/** Which service is meant; nobody is asked where there is one, and somebody has confirmed it. */
function choiceOf(plan: PipelinePlan) {
  const keys = plan.units.map(({ key }) => key);
  if (!isByHand(plan)) {
    return {
      force: {
        description: 'Deploy although nothing changed',
        type: 'choice',
        options: ['nothing', 'all', ...keys],
        default: 'nothing',
      },
    };
  }
  return keys.length > 1
    ? {
        service: {
          description: 'What to deploy',
          type: 'choice',
          options: ['all', ...keys],
          default: 'all',
        },
      }
    : {};
}

/** What pull requests have checked, each level with what the ones before allow. */
function checkWorkflows(plan: PipelinePlan): [string, Workflow][] {
  const { settings, units } = plan;
  const { branches, safetyLevel, terraform } = settings;
  const workflow = (
    name: string,
    paths: readonly string[],
    content: [string, Job][],
  ): Workflow => ({
    name,
    on: {
      pull_request: {
        branches,
        ...(paths.length > 0 && { paths }),
      },
    },
    permissions: {},
    defaults,
    // A newer commit makes what is checked of the older one useless.
    concurrency: {
      group: '${{ github.workflow }}-${{ github.ref }}',
      'cancel-in-progress': true,
    },
    jobs: Object.fromEntries(content),
  });
  return [
    ...(safetyLevel >= 1
      ? [
          workflow(
            'Tests',
            [],
            jobs(units, unit => [
              [names.test(unit.key), pullRequestTestJob(plan, unit)],
            ]),
          ),
        ].map(made => ['test.yml', made] as [string, Workflow])
      : []),
    ...(safetyLevel >= 2
      ? [
          workflow(
            'Build of the Image',
            imagePaths(units),
            jobs(units, unit => [
              [names.check(unit.key), buildJob(plan, unit, true)],
            ]),
          ),
        ].map(made => ['build.yml', made] as [string, Workflow])
      : []),
    ...(safetyLevel >= 3 && terraform
      ? [
          workflow(
            'Terraform',
            [`${terraform.directory}/**`],
            jobs([plan], () => [
              ['terraform', terraformJob(plan, true)],
              ['plan', planJob(plan)],
            ]),
          ),
        ].map(made => ['terraform.yml', made] as [string, Workflow])
      : []),
  ];
}

/** What an image is built by: its Dockerfile, and the packages that go into it. */
function imagePaths(units: readonly Unit[]): string[] {
  return [
    ...new Set(
      units.flatMap(({ services }) =>
        services.flatMap(({ image, test }) =>
          image ? [image.dockerfile, ...(test?.requirements ?? [])] : [],
        ),
      ),
    ),
  ];
}

/** Goes back to an earlier task definition, for whoever names one and types the word. */
function rollbackWorkflow(plan: PipelinePlan): Workflow {
  const groups = ecsGroups(plan);
  const several = groups.length > 1;
  const keyOf = ({ job }: Group) =>
    several ? `rollback-${job.replace(/^deploy-/, '')}` : 'rollback';
  return {
    name: 'Roll back',
    on: {
      workflow_dispatch: {
        inputs: {
          ...confirmation('ROLLBACK'),
          ...(several && {
            deployment: {
              description: 'What to roll back',
              type: 'choice',
              options: groups.map(({ job }) => job),
              required: true,
            },
          }),
          task_revision: {
            description:
              'Number of the revision of the task definition; recent ones are listed if there is none',
            type: 'string',
            required: false,
          },
        },
      },
    },
    permissions: {},
    defaults,
    jobs: Object.fromEntries(
      groups.map(group => [keyOf(group), rollbackJob(plan, group)]),
    ),
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
    if (tests.workflow && mayTest(plan, key)) {
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
