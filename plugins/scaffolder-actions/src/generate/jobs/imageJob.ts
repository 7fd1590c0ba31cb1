import { Job, Step } from '../model';
import { names } from '../names';
import { Group, PipelinePlan } from '../planModel';
import {
  deployCondition,
  firstJob,
  groupsOfImage,
  needing,
  testsOf,
} from './conditions';
import { azureLogin, checkout } from './steps';

/** The job that builds an image that several services run. */
export function imageJob(plan: PipelinePlan, group: Group): Job {
  const groups = groupsOfImage(plan, names.image(group.key));
  return {
    ...needing([...firstJob(plan), ...testsOf(plan, groups)]),
    if: deployCondition(plan, groups),
    'runs-on': plan.settings.runner,
    'timeout-minutes': group.placements[0].service.image?.timeoutMinutes ?? 20,
    permissions: { contents: 'read', 'id-token': 'write' },
    steps: [checkout(), azureLogin(), ...imageSteps(group)],
  };
}

/** Builds the image of a commit and pushes it, under the commit alone: what was approved cannot be replaced. */
export function imageSteps({
  placements: [{ service, target }],
}: Group): Step[] {
  const image = target.type === 'azure-container-app' ? target.image ?? '' : '';
  const registry = image.split('/')[0];
  const platforms = service.image?.platforms ?? ['linux/amd64'];
  return [
    {
      name: 'Log in to the registry',
      env: { REGISTRY: registry },
      run: 'az acr login --name "${REGISTRY%%.*}"',
    },
    ...emulation(platforms),
    { name: 'Set up Buildx', uses: 'docker/setup-buildx-action' },
    {
      name: 'Build and push the image',
      uses: 'docker/build-push-action',
      with: {
        context: service.image?.context ?? '.',
        file: service.image?.dockerfile ?? 'Dockerfile',
        ...(service.image?.target && { target: service.image.target }),
        platforms: platforms.join(','),
        push: true,
        tags: `${image}:\${{ github.sha }}`,
        'build-args': 'GIT_SHA=${{ github.sha }}',
        'cache-from': 'type=gha',
        'cache-to': 'type=gha,mode=max',
      },
    },
  ];
}

/** What it takes to build for processors that the machine does not have. */
export function emulation(platforms: readonly string[]): Step[] {
  return platforms.some(platform => platform !== 'linux/amd64')
    ? [
        {
          name: 'Set up emulation of other processors',
          uses: 'docker/setup-qemu-action',
        },
      ]
    : [];
}
