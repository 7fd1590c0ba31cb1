import { expressionOf } from '../expressions';
import { Job, Step } from '../model';
import { githubEnvironment } from '../names';
import { Group, PipelinePlan, Placement } from '../plan';
import { isConfirmed } from './conditions';
import { emulation } from './imageJob';
import { awsLogin, checkout } from './steps';
import { verification } from './verify';

/** Builds the image of the commit, unless the registry has it, and brings it to the service; it goes back by itself. */
export function ecsSteps({ placements: [placement] }: Group): Step[] {
  const { service, target } = placement;
  if (target.type !== 'ecs') {
    return [];
  }
  const platforms = service.image?.platforms ?? ['linux/amd64'];
  return [
    {
      name: 'Log in to the registry',
      id: 'registry',
      uses: 'aws-actions/amazon-ecr-login',
    },
    {
      name: 'Look for the image',
      id: 'image',
      env: {
        REGISTRY: '${{ steps.registry.outputs.registry }}',
        REPOSITORY: target.repository ?? '',
        VERSION: '${{ inputs.version }}',
      },
      run: '.github/deploy/aws-ecr-image.sh',
    },
    ...emulation(platforms),
    { name: 'Set up Buildx', uses: 'docker/setup-buildx-action' },
    {
      name: 'Build and push the image',
      if: "steps.image.outputs.found != 'true'",
      uses: 'docker/build-push-action',
      with: {
        context: service.image?.context ?? '.',
        file: service.image?.dockerfile ?? 'Dockerfile',
        platforms: platforms.join(','),
        push: true,
        tags: '${{ steps.image.outputs.tags }}',
        'build-args': 'GIT_SHA=${{ github.sha }}',
        'cache-from': 'type=gha',
        'cache-to': 'type=gha,mode=max',
      },
    },
    {
      name: 'Deploy',
      env: {
        ...serviceOf(placement),
        IMAGE: '${{ steps.image.outputs.image }}',
      },
      run: '.github/deploy/aws-ecs.sh',
    },
  ];
}

/** The job that goes back to an earlier task definition, which whoever starts it names. */
export function rollbackJob(plan: PipelinePlan, group: Group): Job {
  const { settings } = plan;
  const [placement] = group.placements;
  const name = githubEnvironment(plan, placement);
  const { environment, target } = placement;
  const several = ecsGroups(plan).length > 1;
  return {
    if: [
      isConfirmed(plan, 'ROLLBACK'),
      ...(several ? [`inputs.deployment == '${group.job}'`] : []),
    ].join(' && '),
    'runs-on': settings.runner,
    'timeout-minutes': environment.deploy?.timeoutMinutes ?? 60,
    permissions: { contents: 'read', 'id-token': 'write' },
    environment: { name, ...(environment.url && { url: environment.url }) },
    concurrency: {
      group: `deploy-${name}`,
      'cancel-in-progress': false,
      queue: 'max',
    },
    steps: [
      checkout(),
      ...(target.type === 'ecs' ? [ecsLogin(plan, target.region)] : []),
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

/** What is deployed to ECS. */
export function ecsGroups({ groups }: PipelinePlan): Group[] {
  return groups.filter(({ placements: [{ target }] }) => target.type === 'ecs');
}

/** As the role that deploys. */
export function ecsLogin({ settings }: PipelinePlan, region: string): Step {
  const { deployRole } = settings.aws;
  return awsLogin(deployRole ? expressionOf(deployRole) : '', region);
}

function serviceOf({ environment, target }: Placement): Record<string, string> {
  return target.type === 'ecs'
    ? {
        CLUSTER: target.cluster,
        SERVICE: target.service,
        FAMILY: target.taskDefinition ?? '',
        CONTAINER: target.container ?? '',
        ...verification(environment, environment.url),
      }
    : {};
}
