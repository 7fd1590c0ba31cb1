import { canonicalImageName } from '@vvp/backstage-plugin-deploy-common';
import { Concurrency, Step } from '../model';
import { Group } from '../planModel';

/** The image of the commit by its digest: the one that was there, or the one that was built. */
export const DIGEST =
  '${{ steps.image.outputs.digest || steps.build.outputs.digest }}';

/** Whether the registry does not have it yet, as the step `image` found. */
export const IS_NEW = "steps.image.outputs.digest == ''";

/** What has the name of the commit in the end, which another job may have given away meanwhile. */
export const NAMED_DIGEST = '${{ steps.named.outputs.digest }}';

/**
 * Builds the image of a commit unless the step `image` found it, and only then names it: what was tested under a name is
 * what is deployed by it. Jobs that build the same at once take the one that has the name in the end.
 *
 * @param repository - where it is pushed to, with the registry
 */
export function buildSteps(
  { placements: [placement], sharesImage }: Group,
  repository: string,
): Step[] {
  const { image } = placement.service;
  const platforms = image?.platforms ?? ['linux/amd64'];
  return [
    ...emulation(platforms).map(step => ({ ...step, if: IS_NEW })),
    {
      name: 'Build and push the image',
      id: 'build',
      if: IS_NEW,
      uses: 'docker/build-push-action',
      with: {
        context: image?.context ?? '.',
        file: image?.dockerfile ?? 'Dockerfile',
        ...(image?.target && { target: image.target }),
        platforms: platforms.join(','),
        outputs: pushedByDigest(repository),
        'build-args': 'GIT_SHA=${{ github.sha }}',
        'cache-from': 'type=gha',
        'cache-to': 'type=gha,mode=max',
      },
    },
    {
      name: 'Name the image',
      id: 'named',
      env: {
        IMAGE: `${repository}@${DIGEST}`,
        NAMES: '${{ steps.image.outputs.names }}',
        IF_TAKEN: 'take',
        // The script looks and gives within forty, or not at all.
        ...(sharesImage && { SETTLE_SECONDS: '60' }),
      },
      run: '.github/deploy/image-names.sh',
    },
  ];
}

/** Pushes an image without any name. */
export function pushedByDigest(repository: string): string {
  return `type=image,name=${repository},push-by-digest=true,name-canonical=true,push=true`;
}

/** The same commit may come by a branch and by a tag: the second one finds what the first one built. */
export function oneImageAtATime(repository: string): Concurrency {
  return {
    group: `image-${canonicalImageName(repository)}-\${{ github.sha }}`,
    'cancel-in-progress': false,
    queue: 'max',
  };
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
