import { literal } from '../expressions';
import { calledApart, keyed } from '../keyed';
import { Job, Workflow } from '../model';
import { githubEnvironment, keyPart } from '../names';
import { Group, PipelinePlan } from '../planModel';
import { isConfirmed } from './conditions';
import { ecsLogin, ecsMinutes, serviceOf } from './ecs';
import { limitOf } from './limits';
import { checkout, verifyTag } from './steps';
import { confirmation, defaults } from './workflowPieces';

const FILE = 'rollback.yml';

/** The workflow that goes back, where something is deployed to ECS. */
export function ecsRollbackWorkflows(
  plan: PipelinePlan,
  groups: readonly Group[],
): [string, Workflow][] {
  return [[FILE, rollbackWorkflow(plan, groups)]];
}

/** Goes back to an earlier task definition, for whoever names one and types the word. */
function rollbackWorkflow(
  plan: PipelinePlan,
  groups: readonly Group[],
): Workflow {
  const several = groups.length > 1;
  const deployments = deploymentsOf(plan, groups);
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
              options: deployments.map(({ name }) => name),
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
    jobs: keyed(
      FILE,
      deployments.map(({ key, name, group }) => [
        several ? key : 'rollback',
        rollbackJob(plan, group, several ? name : undefined),
      ]),
    ),
  };
}

/** What whoever goes back calls each deployment: as its job, or as its environment where jobs of two workflows have one name. */
export function deploymentsOf(
  plan: PipelinePlan,
  groups: readonly Group[],
): { name: string; key: string; group: Group }[] {
  const shortOf = ({ job }: Group) => job.replace(/^deploy-/, '');
  const called = calledApart(groups, shortOf, group =>
    githubEnvironment(plan, group.placements[0]),
  );
  return [...called].map(([group, name]) => ({
    name: name === shortOf(group) ? group.job : name,
    key: `rollback-${keyPart(name)}`,
    group,
  }));
}

/** The job that goes back to an earlier task definition, which whoever starts it names. */
function rollbackJob(
  plan: PipelinePlan,
  group: Group,
  deployment: string | undefined,
): Job {
  const { settings } = plan;
  const [placement] = group.placements;
  const name = githubEnvironment(plan, placement);
  const { environment } = placement;
  const minutes = limitOf(ecsMinutes(placement), environment);
  return {
    if: [
      isConfirmed('ROLLBACK', group.allowed),
      ...(deployment === undefined
        ? []
        : [`inputs.deployment == ${literal(deployment)}`]),
    ].join(' && '),
    'runs-on': settings.runner,
    'timeout-minutes': minutes,
    permissions: { contents: 'read', 'id-token': 'write' },
    environment: { name, ...(environment.url && { url: environment.url }) },
    concurrency: {
      group: `deploy-${name}`,
      'cancel-in-progress': false,
      queue: 'max',
    },
    steps: [
      checkout(),
      ...verifyTag(group),
      ...ecsLogin(plan, placement, minutes),
      {
        name: 'Roll back',
        env: {
          ...serviceOf(placement),
          TASK_REVISION: '${{ inputs.task_revision }}',
        },
        run: '.github/deploy/aws-ecs.sh rollback',
      },
    ],
  };
}
