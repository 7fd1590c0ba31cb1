import { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import { ConfigurationDifference } from '@vvp/backstage-plugin-deploy-common';
import { mainContainer } from './revision';

const most = 200;

/**
 * Names of what differs from the task definition that runs to the one that comes back. Values are compared
 * here and never leave.
 */
export function compareConfiguration(
  from: TaskDefinition,
  to: TaskDefinition,
  container?: string,
): ConfigurationDifference[] {
  const before = settingsOf(from, container);
  const after = settingsOf(to, container);
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names
    .flatMap<ConfigurationDifference>(name => {
      if (!before.has(name)) {
        return [{ name, change: 'added' }];
      }
      if (!after.has(name)) {
        return [{ name, change: 'removed' }];
      }
      return before.get(name) === after.get(name)
        ? []
        : [{ name, change: 'changed' }];
    })
    .slice(0, most);
}

/** Every setting by name; the image of the main container is the release itself and no setting. */
function settingsOf(
  taskDefinition: TaskDefinition,
  mainName: string | undefined,
): Map<string, string> {
  const main = mainContainer(taskDefinition, mainName);
  const settings = new Map<string, string>();
  set(settings, 'cpu', taskDefinition.cpu);
  set(settings, 'memory', taskDefinition.memory);
  set(settings, 'task role', taskDefinition.taskRoleArn);
  set(settings, 'execution role', taskDefinition.executionRoleArn);
  set(settings, 'network mode', taskDefinition.networkMode);
  set(settings, 'runtime platform', taskDefinition.runtimePlatform);
  set(settings, 'ephemeral storage', taskDefinition.ephemeralStorage);
  for (const volume of taskDefinition.volumes ?? []) {
    set(settings, `volume ${volume.name}`, volume);
  }
  for (const container of taskDefinition.containerDefinitions ?? []) {
    const isMain = container === main;
    const prefix = isMain ? '' : `${container.name}: `;
    if (!isMain) {
      set(settings, `container ${container.name}`, 'present');
      set(settings, `${prefix}image`, container.image);
    }
    addContainer(settings, container, prefix);
  }
  return settings;
}

function addContainer(
  settings: Map<string, string>,
  container: ContainerDefinition,
  prefix: string,
): void {
  for (const { name, value } of container.environment ?? []) {
    set(settings, `${prefix}env ${name}`, value);
  }
  for (const { name, valueFrom } of container.secrets ?? []) {
    set(settings, `${prefix}secret reference ${name}`, valueFrom);
  }
  for (const file of container.environmentFiles ?? []) {
    set(settings, `${prefix}environment file`, file.value);
  }
  for (const port of container.portMappings ?? []) {
    set(settings, `${prefix}port ${port.containerPort}`, port);
  }
  for (const mount of container.mountPoints ?? []) {
    set(settings, `${prefix}mount ${mount.containerPath}`, mount);
  }
  set(settings, `${prefix}command`, container.command);
  set(settings, `${prefix}entry point`, container.entryPoint);
  set(settings, `${prefix}health check`, container.healthCheck);
  set(settings, `${prefix}container cpu`, container.cpu);
  set(settings, `${prefix}container memory`, [
    container.memory,
    container.memoryReservation,
  ]);
  set(settings, `${prefix}log driver`, container.logConfiguration?.logDriver);
}

function set(
  settings: Map<string, string>,
  name: string,
  value: unknown,
): void {
  const text = JSON.stringify(sorted(value));
  if (text !== undefined && text !== '[]' && text !== '[null,null]') {
    settings.set(name, text);
  }
}

/** With the keys of objects in order, so that equal things have equal text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .sort(([one], [other]) => one.localeCompare(other))
        .map(([key, item]) => [key, sorted(item)]),
    );
  }
  return value;
}
