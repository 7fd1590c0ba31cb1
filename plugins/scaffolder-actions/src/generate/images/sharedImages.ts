import { canonicalImageName } from '@vvp/backstage-plugin-deploy-common';
import { Group } from '../planModel';

/**
 * Says of each group whether another one, of whatever workflow, gives names to the same image: services with one target
 * image, or one service in several environments. The jobs have different locks, so none waits for the other.
 */
export function withSharedImages(groups: readonly Group[]): Group[] {
  const named = groups.map(namedBy);
  return groups.map((group, index) => ({
    ...group,
    sharesImage:
      named[index] !== undefined &&
      named.indexOf(named[index]) !== named.lastIndexOf(named[index]),
  }));
}

/** Where a group's image is named that has no repository of its own; undefined if none is built. */
function namedBy({ placements: [placement] }: Group): string | undefined {
  const { service, target } = placement;
  if (!service.image || service.image.repository) {
    return undefined;
  }
  if (target.type === 'azure-container-app' && target.image) {
    return canonicalImageName(target.image);
  }
  // The account is that of the role, which may be another one in each environment, or the same.
  return target.type === 'ecs' && target.repository
    ? `${target.region}/${target.repository}`
    : undefined;
}
