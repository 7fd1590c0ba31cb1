import { cleanupWorkflows } from './cleanupWorkflow';
import { imageJobs } from './images/imageJobs';
import { changesJob } from './jobs/changes';
import { choiceOf } from './jobs/choice';
import { buildJobs, planJob, terraformJobs } from './jobs/checkJobs';
import { isByHand } from './jobs/conditions';
import { deployJob } from './jobs/deployJob';
import { failureJob, testIssueJob } from './jobs/issues';
import { verifyJobOf } from './jobs/order';
import {
  NamedTests,
  testsAfterDeployment,
  testsBeforeDeployment,
} from './jobs/testPlaces';
import {
  afterDeploymentJobs,
  beforeDeploymentJobs,
} from './jobs/testsInDeployments';
import { atReleasedCommit } from './jobs/releasedCommit';
import { commitOutput, firstJobOf, releaseJob } from './jobs/releaseJob';
import { pullRequestTestJobs, testJobs } from './jobs/testJob';
import { verifyJob } from './jobs/verify';
import { confirmation, defaults } from './jobs/workflowPieces';
import { DoubleKeyError, keyed } from './keyed';
import { Job, Workflow } from './model';
import { names } from './names';
import { Group, PipelinePlan, PlanProblem, Stage, Unit } from './planModel';
import { fileProblem, jobProblems } from './problems/jobNames';
import { testsWorkflows } from './testsWorkflows';
import { isDetecting, planOfStage } from './stages';
import { targetKind, TargetKind, targetKinds } from './targets';

const ALL = 'workflows';

/** The workflows of a pipeline, by file name. */
export function workflowsOf(plan: PipelinePlan): Map<string, Workflow> {
  const { settings } = plan;
  const level = settings.safetyLevel;
  const named: [string, Workflow][] = [
    ...(level >= 4
      ? plan.stages.map((stage): [string, Workflow] => [
          stage.workflow,
          deployWorkflow(planOfStage(plan, stage)),
        ])
      : []),
    ...(settings.hasChecks ? checkWorkflows(plan) : []),
    ...(level >= 4 ? workflowsOfTargets(plan) : []),
    ...testsWorkflows(plan),
    ...(level >= 4 ? cleanupWorkflows(plan) : []),
  ];
  const written = named.filter(
    ([, workflow]) => Object.keys(workflow.jobs).length > 0,
  );
  return new Map(Object.entries(keyed(ALL, written)));
}

/** Jobs and workflows that would stand in one place; none may be generated before that is mended. */
export function clashesOf(plan: PipelinePlan): PlanProblem[] {
  const clashes = clashesInDeployments(plan);
  return clashes.length > 0 ? clashes : clashesBesides(plan);
}

/** Whatever else would be lost: all workflows are made, and see to their keys themselves. */
function clashesBesides(plan: PipelinePlan): PlanProblem[] {
  try {
    workflowsOf(plan);
    return [];
  } catch (error) {
    if (error instanceof DoubleKeyError) {
      const { where, key } = error;
      return where === ALL
        ? [fileProblem(key)]
        : jobProblems(plan, where, [key, key]);
    }
    throw error;
  }
}

function clashesInDeployments(plan: PipelinePlan): PlanProblem[] {
  return plan.settings.safetyLevel >= 4
    ? plan.stages.flatMap(stage => {
        const own = planOfStage(plan, stage);
        return jobProblems(
          own,
          stage.workflow,
          [...deployJobs(own), ...lastJob(own, ['all'])].map(([key]) => key),
        );
      })
    : [];
}

/** Tests, builds and deploys what changed, or what somebody asks for. */
function deployWorkflow(plan: PipelinePlan): Workflow {
  const { settings, stage } = plan;
  const workflow: Workflow = {
    name: stage.title,
    on: {
      ...(!isByHand(plan) && startOf(stage)),
      ...(stage.pullRequests && {
        pull_request: { branches: settings.branches },
      }),
      workflow_dispatch: {
        inputs: {
          ...(isByHand(plan) ? confirmation('DEPLOY') : {}),
          ...choiceOf(plan),
          ...inputsOfTargets(plan),
        },
      },
    },
    permissions: {},
    defaults,
    jobs: {},
  };
  const made = deployJobs(plan);
  workflow.jobs = keyed(stage.workflow, [
    ...made,
    ...lastJob(
      plan,
      made.map(([key]) => key),
    ),
  ]);
  return stage.after === undefined
    ? workflow
    : atReleasedCommit(workflow, commitOutput(plan));
}

/** The jobs of a workflow that deploys, in their order, but for the one that tells of failures. */
function deployJobs(plan: PipelinePlan): [string, Job][] {
  const { settings, stage, units, groups } = plan;
  const images = imagesBy(plan);
  return [
    ...(isByHand(plan)
      ? []
      : ([
          [
            firstJobOf(plan),
            unlessItRests(
              plan,
              isDetecting(stage) ? changesJob(plan) : releaseJob(plan),
            ),
          ],
        ] as [string, Job][])),
    ...jobs(units, unit => testJobs(plan, unit)),
    ...jobs(testsBeforeDeployment(plan), named => [
      ...beforeDeploymentJobs(plan, named),
      ...issueOf(plan, named),
    ]),
    ...(settings.hasChecks
      ? [
          ...jobs(units, unit => buildJobs(plan, unit, false)),
          ...terraformJobs(plan, false),
        ]
      : []),
    ...jobs(groups, group => [
      ...(images.get(group) ?? []),
      [group.job, deployJob(plan, group)],
      ...(targetKind(group.placements[0].target.type)?.jobs?.(plan, group) ??
        []),
      [
        names.verify(group.job),
        verifyJobOf(group) ? verifyJob(plan, group) : undefined,
      ],
    ]),
    ...jobs(testsAfterDeployment(plan), named => [
      ...afterDeploymentJobs(plan, named),
      ...issueOf(plan, named),
    ]),
  ];
}

/** The jobs that build images, each with the first of those that deploy it: later environments get the same. */
function imagesBy(plan: PipelinePlan): Map<Group, [string, Job][]> {
  const all = plan.groups.flatMap(group =>
    imageJobs(plan, group).map(([key, job]) => ({ group, key, job })),
  );
  const last = new Map(all.map(({ key, job }) => [key, job]));
  const owners = new Map<string, Group>();
  for (const { key, group } of all) {
    owners.set(key, owners.get(key) ?? group);
  }
  return new Map(
    plan.groups.map(group => [
      group,
      [...last].filter(([key]) => owners.get(key) === group),
    ]),
  );
}

function lastJob(
  plan: PipelinePlan,
  needs: readonly string[],
): [string, Job][] {
  const failure = failureJob(plan, [...needs]);
  return failure ? [[names.failure, failure]] : [];
}

function issueOf(
  plan: PipelinePlan,
  { key, tests }: NamedTests,
): [string, Job | undefined][] {
  return tests.issue
    ? [[names.issue(key), testIssueJob(plan, key, tests.issue)]]
    : [];
}

/** What starts a deployment by itself: a push, or the success of the workflow that comes first. */
function startOf({ refs, after }: Stage): Workflow['on'] {
  const { branches, tags } = refs;
  return after === undefined
    ? {
        push: {
          ...(branches.length > 0 && { branches }),
          ...(tags.length > 0 && { tags }),
        },
      }
    : {
        workflow_run: { workflows: [after], types: ['completed'], branches },
      };
}

/** Everything waits for this job: what it does not do, nobody does. */
function unlessItRests(plan: PipelinePlan, job: Job): Job {
  const conditions = groupsByKind(plan).flatMap(
    ([kind]) => kind.restsIf?.(plan) ?? [],
  );
  return conditions.length > 0
    ? {
        ...job,
        if: [
          `(${job.if})`,
          ...conditions.map(condition => `!${condition}`),
        ].join(' && '),
      }
    : job;
}

/** What kinds of target add to what whoever starts a deployment is asked for. */
function inputsOfTargets(plan: PipelinePlan): Record<string, unknown> {
  return Object.assign(
    {},
    ...groupsByKind(plan).map(([kind, groups]) => kind.inputs?.(plan, groups)),
  );
}

/** Workflows that kinds of target bring besides. */
function workflowsOfTargets(plan: PipelinePlan): [string, Workflow][] {
  return groupsByKind(plan).flatMap(
    ([kind, groups]) => kind.workflows?.(plan, groups) ?? [],
  );
}

function groupsByKind({ groups }: PipelinePlan): [TargetKind, Group[]][] {
  return targetKinds
    .map((kind): [TargetKind, Group[]] => [
      kind,
      groups.filter(
        ({ placements: [{ target }] }) => target.type === kind.type,
      ),
    ])
    .filter(([, found]) => found.length > 0);
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
    jobs: keyed(name, content),
  });
  return [
    ...(safetyLevel >= 1
      ? [
          workflow(
            'Tests',
            [],
            jobs(units, unit => pullRequestTestJobs(plan, unit)),
          ),
        ].map(made => ['test.yml', made] as [string, Workflow])
      : []),
    ...(safetyLevel >= 2
      ? [
          workflow(
            'Build of the Image',
            imagePaths(units),
            jobs(units, unit => buildJobs(plan, unit, true)),
          ),
        ].map(made => ['build.yml', made] as [string, Workflow])
      : []),
    ...(safetyLevel >= 3 && terraform
      ? [
          workflow(
            'Terraform',
            [`${terraform.directory}/**`],
            jobs([plan], () => [
              ...terraformJobs(plan, true),
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

function jobs<Item>(
  items: readonly Item[],
  make: (item: Item) => [string, Job | undefined][],
): [string, Job][] {
  return items
    .flatMap(make)
    .filter((entry): entry is [string, Job] => entry[1] !== undefined);
}
