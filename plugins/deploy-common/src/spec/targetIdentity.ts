import { TargetSpec, WorkflowsSpec } from './types';

/**
 * What a target changes, by names that two targets have in common if they may change the same thing. A
 * machine has two: whoever moves the link or restarts the unit of another service meddles with it.
 *
 * The connection is left out: only the portal knows where it leads to. So are the fields that say how,
 * such as `strategy`, `image` or `ref`, and the {@link targetDetails}. Where no platform is known to tell
 * upper from lower case, neither do the names.
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
      return [nameOf(target.type, target.workflow)];
    default:
      return [nameOf(target.type, target.platform)];
  }
}

/**
 * What tells one target from others of the same identity: the inputs of a workflow, the settings of a
 * platform that a module brings; by their names. An empty input is none.
 *
 * @public
 */
export function targetDetails(target: TargetSpec): ReadonlyMap<string, string> {
  if (target.type === 'github-workflow') {
    return new Map(
      Object.entries(target.inputs ?? {})
        .map(([name, value]) => [lower(name), lower(value.trim())] as const)
        .filter(([, value]) => value !== ''),
    );
  }
  return new Map(
    target.type === 'custom'
      ? Object.entries(target.settings).map(([name, value]) => [
          name,
          JSON.stringify(value),
        ])
      : [],
  );
}

/**
 * Whether two targets may be one, whatever their connections and repositories are. Nobody but the workflow
 * or the module knows which input or setting makes a difference, and what stands for one that is left out:
 * only what both name, with different values, tells two apart.
 *
 * @public
 */
export function mayBeSameTarget(left: TargetSpec, right: TargetSpec): boolean {
  const names = new Set(targetIdentities(left));
  return (
    targetIdentities(right).some(name => names.has(name)) &&
    !areToldApart(targetDetails(left), targetDetails(right))
  );
}

/**
 * Whether a detail that both have differs, see {@link mayBeSameTarget}.
 *
 * @internal
 */
export function areToldApart(
  left: ReadonlyMap<string, string>,
  right: ReadonlyMap<string, string>,
): boolean {
  for (const [name, value] of left) {
    const other = right.get(name);
    if (other !== undefined && other !== value) {
      return true;
    }
  }
  return false;
}

/**
 * Something that the portal can set going in an environment.
 *
 * @public
 */
export interface DrivenTarget {
  /** Where it stands in the environment's part of deploy.yaml, such as `workflows`, `deploy`. */
  path: readonly string[];
  /** A workflow that is called stands here as a target that it reaches. */
  target: TargetSpec;
  /** It changes what runs; false for tests, which ask for less permission and no confirmation. */
  deploys: boolean;
}

/**
 * All that the portal can set going in an environment: its target, and the workflows that it may start.
 *
 * @public
 */
export function drivenTargets(environment: {
  target?: TargetSpec;
  workflows?: WorkflowsSpec;
}): DrivenTarget[] {
  const { target, workflows = {} } = environment;
  const kinds = ['deploy', 'integrationTests', 'smokeTest'] as const;
  return [
    ...(target ? [{ path: ['target'], target, deploys: true }] : []),
    ...kinds.flatMap(kind => {
      const call = workflows[kind];
      return call
        ? [
            {
              path: ['workflows', kind],
              target: {
                type: 'github-workflow' as const,
                workflow: call.workflow,
                ...(call.inputs && { inputs: call.inputs }),
              },
              deploys: kind === 'deploy',
            },
          ]
        : [];
    }),
  ];
}

/** No part can be taken for two. */
function nameOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

function lower(text: string): string {
  return text.toLocaleLowerCase('en-US');
}

/**
 * An absolute path without detours.
 *
 * @internal
 */
export function plain(path: string): string {
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
