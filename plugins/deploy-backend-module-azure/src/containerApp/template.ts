import { isDeepStrictEqual } from 'node:util';
import {
  Container,
  EnvironmentVar,
  InitContainer,
  Template,
} from '@azure/arm-appcontainers';
import { ConfigurationDifference } from '@vvp/backstage-plugin-deploy-common';
import { COMMIT_VARIABLE } from './container';

type AnyContainer = Container | InitContainer;

/**
 * What of a template comes back when the app is updated to it: all of it but the scale, which stays as it
 * is, because nobody wants fewer replicas than the load needs now.
 *
 * Azure merges an update into what is there; lists are sent even if they are empty, so that nothing of
 * the present template stays.
 */
export function templateToRestore(
  chosen: Template,
  present: Template | undefined,
  revisionSuffix: string,
): Template {
  return {
    revisionSuffix,
    ...(chosen.terminationGracePeriodSeconds !== undefined && {
      terminationGracePeriodSeconds: chosen.terminationGracePeriodSeconds,
    }),
    containers: chosen.containers ?? [],
    initContainers: chosen.initContainers ?? [],
    volumes: chosen.volumes ?? [],
    serviceBinds: chosen.serviceBinds ?? [],
    ...(present?.scale && { scale: present.scale }),
  };
}

/** Whether two templates run the same: suffix and scale do not count, see {@link templateToRestore}. */
export function runsTheSame(
  a: Template | undefined,
  b: Template | undefined,
): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    isDeepStrictEqual(whatRuns(a), whatRuns(b))
  );
}

/**
 * Whether two templates run the same programs with the same settings: images, commands and variables. Azure
 * may write down the rest of a template in another way when a revision is made of it again.
 */
export function runsTheSamePrograms(
  a: Template | undefined,
  b: Template | undefined,
): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    isDeepStrictEqual(programs(a), programs(b))
  );
}

function programs(template: Template): unknown {
  return plain(
    containersOf(template).map(({ name, image, command, args, env }) => ({
      name,
      image,
      command,
      args,
      env: Object.fromEntries(
        (env ?? []).map(variable => [variable.name, valueOf(variable)]),
      ),
    })),
  );
}

function whatRuns(template: Template): unknown {
  const { revisionSuffix: _, scale: __, ...rest } = template;
  return plain(rest);
}

/** As JSON, without what is absent, `null` or an empty list: Azure does not tell these apart. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? {}, (_, item) =>
      item === null || (Array.isArray(item) && item.length === 0)
        ? undefined
        : item,
    ),
  );
}

/** Names of secrets that a template refers to. */
export function secretReferences(template: Template | undefined): string[] {
  return unique([
    ...containersOf(template).flatMap(container =>
      (container.env ?? []).flatMap(({ secretRef }) => secretRef || []),
    ),
    ...(template?.volumes ?? []).flatMap(volume =>
      (volume.secrets ?? []).flatMap(({ secretRef }) => secretRef || []),
    ),
    ...(template?.scale?.rules ?? []).flatMap(rule =>
      [rule.custom, rule.http, rule.tcp, rule.azureQueue]
        .flatMap(kind => kind?.auth ?? [])
        .flatMap(({ secretRef }) => secretRef || []),
    ),
  ]);
}

type Named = Record<string, unknown>;

const noNames: { from: Named; to: Named } = { from: {}, to: {} };

/**
 * What differs between two templates, by name only: values may be secrets.
 *
 * @param compareScale - whether the scale comes back too
 */
export function compareTemplates(
  from: Template | undefined,
  to: Template | undefined,
  compareScale: boolean,
): ConfigurationDifference[] {
  return compareNamed({
    ...(compareScale ? { from: scaleOf(from), to: scaleOf(to) } : noNames),
  }).concat(
    compareNamed({ from: settingsOf(from), to: settingsOf(to) }),
    compareNamed({ from: secretsOf(from), to: secretsOf(to) }),
  );
}

function compareNamed(sides: {
  from: Named;
  to: Named;
}): ConfigurationDifference[] {
  const names = unique([...Object.keys(sides.from), ...Object.keys(sides.to)]);
  return names.sort().flatMap(name => {
    const before = sides.from[name];
    const after = sides.to[name];
    if (before === undefined) {
      return { name, change: 'added' };
    }
    if (after === undefined) {
      return { name, change: 'removed' };
    }
    return isDeepStrictEqual(before, after) ? [] : { name, change: 'changed' };
  });
}

function settingsOf(template: Template | undefined): Named {
  const containers = containersOf(template);
  const several = containers.length > 1;
  return defined({
    terminationGracePeriodSeconds: template?.terminationGracePeriodSeconds,
    ...Object.fromEntries(
      (template?.volumes ?? []).map(volume => [
        `volume ${volume.name}`,
        plain(volume),
      ]),
    ),
    ...Object.assign(
      {},
      ...containers.map(container =>
        containerSettings(container, several ? `${container.name}: ` : ''),
      ),
    ),
  });
}

function containerSettings(container: AnyContainer, prefix: string): Named {
  return {
    ...(prefix && { [`container ${container.name}`]: true }),
    ...Object.fromEntries(
      (container.env ?? [])
        .filter(({ name }) => name !== COMMIT_VARIABLE)
        .map(variable => [`${prefix}env ${variable.name}`, valueOf(variable)]),
    ),
    [`${prefix}command`]: textOf(container.command),
    [`${prefix}arguments`]: textOf(container.args),
    [`${prefix}cpu`]: container.resources?.cpu,
    [`${prefix}memory`]: container.resources?.memory,
    [`${prefix}volume mounts`]: textOf(container.volumeMounts),
    ...('probes' in container && {
      [`${prefix}probes`]: textOf(container.probes),
    }),
  };
}

function scaleOf(template: Template | undefined): Named {
  const scale = template?.scale;
  return defined({
    minReplicas: scale?.minReplicas,
    maxReplicas: scale?.maxReplicas,
    'scale rules': textOf(scale?.rules),
  });
}

function secretsOf(template: Template | undefined): Named {
  return Object.fromEntries(
    secretReferences(template).map(name => [`secret reference ${name}`, true]),
  );
}

function valueOf({ value, secretRef }: EnvironmentVar): string {
  return secretRef ? `secret ${secretRef}` : `value ${value ?? ''}`;
}

function textOf(list: readonly unknown[] | undefined): string | undefined {
  return list && list.length > 0 ? JSON.stringify(plain({ list })) : undefined;
}

function containersOf(template: Template | undefined): AnyContainer[] {
  return [...(template?.containers ?? []), ...(template?.initContainers ?? [])];
}

function defined(named: Named): Named {
  return Object.fromEntries(
    Object.entries(named).filter(
      ([, value]) => value !== undefined && value !== null,
    ),
  );
}

function unique(names: string[]): string[] {
  return [...new Set(names)];
}
