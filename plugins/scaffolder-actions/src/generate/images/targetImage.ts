import { Step } from '../model';
import { names } from '../names';
import { Group, Placement } from '../planModel';
import { buildsImageApart } from '../jobs/conditions';
import { buildSteps, NAMED_DIGEST } from './buildSteps';

const COMMIT = '${{ github.sha }}';

/** Where the image of a target is that says so itself. */
export function targetImageOf({ target }: Placement): string {
  return target.type === 'azure-container-app' ? target.image ?? '' : '';
}

/** What such a target gets: the very image that its job found or built, by its digest, with the commit to be read. */
export function targetReference(group: Group, placement: Placement): string {
  const digest = buildsImageApart(group)
    ? `\${{ needs.${names.image(group.key)}.outputs.digest }}`
    : NAMED_DIGEST;
  return `${targetImageOf(placement)}:${COMMIT}@${digest}`;
}

/** Looks for the image of a commit at Azure, and builds it if it is not there: under the commit alone. */
export function targetImageSteps(group: Group): Step[] {
  const repository = targetImageOf(group.placements[0]);
  return [
    {
      name: 'Log in to the registry',
      env: { REGISTRY: repository.split('/')[0] },
      run: 'az acr login --name "${REGISTRY%%.*}"',
    },
    { name: 'Set up Buildx', uses: 'docker/setup-buildx-action' },
    {
      name: 'Look for the image',
      id: 'image',
      env: { REPOSITORY: repository, TAG: COMMIT },
      run: '.github/deploy/image-find.sh',
    },
    ...buildSteps(group, repository),
  ];
}
