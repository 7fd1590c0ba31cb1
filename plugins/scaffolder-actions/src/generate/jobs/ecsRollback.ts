import { Job, Workflow } from '../model';
import { githubEnvironment } from '../names';
import { Group, PipelinePlan } from '../planModel';
import { isConfirmed } from './conditions';
import { ecsGroups, ecsLogin, ecsMinutes, serviceOf } from './ecs';
import { checkout } from './steps';
import { confirmation, defaults } from './workflowPieces';

/** The workflow that goes back, where something is deployed to ECS. */
export function ecsRollbackWorkflows(
  plan: PipelinePlan,
  groups: readonly Group[],
): [string, Workflow][] {
  return [['rollback.yml', rollbackWorkflow(plan, groups)]];
}

/** Goes back to an earlier task definition, for whoever names one and types the word. */
function rollbackWorkflow(
  plan: PipelinePlan,
  groups: readonly Group[],
): Workflow {
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

/** The job that goes back to an earlier task definition, which whoever starts it names. */
function rollbackJob(plan: PipelinePlan, group: Group): Job {
  const { settings } = plan;
  const [placement] = group.placements;
  const name = githubEnvironment(plan, placement);
  const { environment } = placement;
  const several = ecsGroups(plan).length > 1;
  return {
    if: [
      isConfirmed(plan, 'ROLLBACK'),
      ...(several ? [`inputs.deployment == '${group.job}'`] : []),
    ].join(' && '),
    'runs-on': settings.runner,
    'timeout-minutes':
      environment.deploy?.timeoutMinutes ?? ecsMinutes(placement),
    permissions: { contents: 'read', 'id-token': 'write' },
    environment: { name, ...(environment.url && { url: environment.url }) },
    concurrency: {
      group: `deploy-${name}`,
      'cancel-in-progress': false,
      queue: 'max',
    },
    steps: [
      checkout(),
      ...ecsLogin(plan, placement),
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
