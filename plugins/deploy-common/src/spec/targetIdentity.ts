import { TargetSpec } from './types';

/**
 * What a target changes, by names that two targets have in common if they change the same thing. A
 * machine has two: whoever moves the link or restarts the unit of another service meddles with it.
 *
 * The connection is left out, except with `custom`: only the portal knows where it leads to. So are the
 * fields that say how, such as `strategy`, `image` or `ref`. Where no platform is known to tell upper from
 * lower case, neither do the names.
 *
 * @returns one or two texts of any length
 * @public
 */
export function targetIdentities(target: TargetSpec): string[] {
  switch (target.type) {
    case 'azure-container-app':
      return [
        nameOf(target.type, lower(target.resourceGroup), lower(target.name)),
      ];
    case 'azure-vm': {
      const machine = [lower(target.resourceGroup), lower(target.name)];
      const { release, configFile } = target;
      return [
        ...(release
          ? [
              nameOf(target.type, ...machine, 'path', plain(release.directory)),
              nameOf(target.type, ...machine, 'unit', release.unit),
            ]
          : []),
        ...(configFile
          ? [nameOf(target.type, ...machine, 'path', plain(configFile.path))]
          : []),
      ];
    }
    case 'kubernetes':
      return [
        nameOf(
          target.type,
          target.namespace,
          target.workload ?? 'Deployment',
          target.name,
        ),
      ];
    case 'ecs':
      return [
        nameOf(
          target.type,
          target.region,
          lower(target.cluster),
          lower(target.service),
        ),
      ];
    case 'github-workflow':
      return [
        nameOf(
          target.type,
          target.workflow,
          ...Object.entries(target.inputs ?? {})
            .map(input => lower(JSON.stringify(input)))
            .sort(),
        ),
      ];
    default:
      return [
        nameOf(
          target.type,
          target.platform,
          target.connection ?? '',
          ...Object.entries(target.settings)
            .map(setting => JSON.stringify(setting))
            .sort(),
        ),
      ];
  }
}

/** No part can be taken for two. */
function nameOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

function lower(text: string): string {
  return text.toLocaleLowerCase('en-US');
}

/** An absolute path without detours. */
function plain(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') {
      segments.pop();
    } else if (segment !== '' && segment !== '.') {
      segments.push(segment);
    }
  }
  return `/${segments.join('/')}`;
}
