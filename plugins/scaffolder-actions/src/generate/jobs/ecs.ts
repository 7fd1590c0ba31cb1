import { expressionOf } from '../expressions';
import { buildSteps } from '../images/buildSteps';
import { imageExpression, imagesOf } from '../images/images';
import { Step } from '../model';
import { Group, PipelinePlan, Placement } from '../planModel';
import { Circumstances } from './limits';
import { awsLogin } from './steps';
import { lookingMinutes, verification } from './verify';

/** Brings the image of the commit to the service, which builds it if nobody did before; it goes back by itself. */
export function ecsSteps(group: Group): Step[] {
  const {
    placements: [placement],
  } = group;
  const { service, target } = placement;
  if (target.type !== 'ecs') {
    return [];
  }
  const image = imageExpression(group, service, 'image');
  if (image) {
    return ecsDeploySteps(placement, { image, commit: '${{ github.sha }}' });
  }
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
        COMMIT: '${{ github.sha }}',
        VERSION: '${{ inputs.version }}',
      },
      run: '.github/deploy/aws-ecr-image.sh',
    },
    { name: 'Set up Buildx', uses: 'docker/setup-buildx-action' },
    ...buildSteps(group, '${{ steps.image.outputs.repository }}'),
    ...ecsDeploySteps(placement, {
      image: '${{ steps.image.outputs.image }}',
    }),
  ];
}

/**
 * Brings an image to the service, watches it as long as it is asked to, and goes back if it does not work, or if somebody
 * cancels it.
 */
export function ecsDeploySteps(
  placement: Placement,
  { image, commit }: { image: string; commit?: string },
): Step[] {
  return [
    {
      name: 'Deploy',
      env: {
        ...serviceOf(placement),
        IMAGE: image,
        // A digest does not tell it.
        ...(commit && { COMMIT: commit }),
      },
      run: '.github/deploy/aws-ecs.sh',
    },
    {
      name: 'Take back what was cancelled',
      if: 'cancelled()',
      env: serviceOf(placement),
      run: '.github/deploy/aws-ecs.sh cancelled',
    },
  ];
}

/** Until ECS calls something stable, or it is given up. */
const STABLE_MINUTES = 20;

/** As long as old and new may run side by side; where a service has them do so for longer, `timeoutMinutes` has to say so. */
const BAKE_MINUTES = 30;

/**
 * In and out again, each with the looks at the address; as long as it is watched; and where the traffic is shifted each
 * time what is still under way, and the time that old and new run side by side.
 */
export function ecsMinutes(
  { environment, target }: Placement,
  { buildMinutes = 0 }: Circumstances = {},
): number {
  const isShifted = target.type === 'ecs' && target.strategy === 'blue-green';
  const way =
    STABLE_MINUTES +
    (isShifted ? STABLE_MINUTES + BAKE_MINUTES : 0) +
    lookingMinutes(environment);
  const watched = environment.deploy?.watch?.minutes ?? 0;
  return 5 + buildMinutes + watched + 2 * way;
}

/** What is deployed to ECS. */
export function ecsGroups({ groups }: PipelinePlan): Group[] {
  return groups.filter(({ placements: [{ target }] }) => target.type === 'ecs');
}

/** As the role that deploys, for as long as the job may take. */
export function ecsLogin(
  { settings }: PipelinePlan,
  placement: Placement,
  minutes: number,
): Step[] {
  const { target } = placement;
  const { deployRole } = settings.aws;
  return target.type === 'ecs'
    ? [
        awsLogin(
          deployRole ? expressionOf(deployRole) : '',
          target.region,
          minutes,
        ),
      ]
    : [];
}

/** What whoever starts a deployment may say. */
export function ecsInputs(
  _: PipelinePlan,
  groups: readonly Group[],
): Record<string, unknown> {
  return groups.every(group => imagesOf(group).length > 0)
    ? {}
    : {
        version: {
          description: 'Tag of the image, the commit unless said otherwise',
          type: 'string',
          required: false,
        },
      };
}

/** How `aws-ecs.sh` knows a service, and looks whether it works. */
export function serviceOf({
  environment,
  target,
}: Placement): Record<string, string> {
  return target.type === 'ecs'
    ? {
        CLUSTER: target.cluster,
        SERVICE: target.service,
        FAMILY: target.taskDefinition ?? '',
        CONTAINER: target.container ?? '',
        ...(target.strategy === 'blue-green' && { STRATEGY: target.strategy }),
        ...verification(environment, environment.url),
        ...watching(environment.deploy?.watch),
      }
    : {};
}

function watching(
  watch: NonNullable<Placement['environment']['deploy']>['watch'],
): Record<string, string> {
  return watch
    ? {
        WATCH_MINUTES: String(watch.minutes),
        WATCH_SECONDS: String(watch.seconds ?? 30),
        WATCH_FAILURES: String(watch.failures ?? 3),
      }
    : {};
}
