import { ConfigurationDifference } from '@vvp/backstage-plugin-deploy-common';
import { Container, PodTemplate } from '../model/types';

const MAX_NAMES = 200;

/**
 * Names of what differs between two templates. Values are compared and left out: they may be secrets. The
 * images are left out as well, since they are what a release is.
 */
export function compareConfiguration(
  from: PodTemplate,
  to: PodTemplate,
): ConfigurationDifference[] {
  const before = namesOf(from);
  const after = namesOf(to);
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names]
    .sort()
    .flatMap((name): ConfigurationDifference[] => {
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
    .slice(0, MAX_NAMES);
}

function namesOf(template: PodTemplate): Map<string, string> {
  const names = new Map<string, string>();
  const { containers, initContainers, volumes, ...podFields } =
    template.spec ?? {};
  const all = [...(containers ?? []), ...(initContainers ?? [])];
  for (const container of all) {
    const prefix = all.length > 1 ? `${container.name}: ` : '';
    addContainer(names, container, prefix);
  }
  for (const volume of volumes ?? []) {
    names.set(`volume ${volume.name}`, JSON.stringify(volume));
  }
  addFields(names, podFields, '');
  const { labels, annotations } = template.metadata ?? {};
  addEach(names, labels, 'label');
  addEach(names, annotations, 'annotation');
  return names;
}

function addContainer(
  names: Map<string, string>,
  container: Container,
  prefix: string,
): void {
  const { name: _name, image: _image, env, envFrom, ...fields } = container;
  for (const variable of env ?? []) {
    names.set(`${prefix}env ${variable.name}`, JSON.stringify(variable));
  }
  for (const source of envFrom ?? []) {
    const { configMapRef, secretRef } = source;
    const name = configMapRef
      ? `ConfigMap reference ${configMapRef.name}`
      : `secret reference ${secretRef?.name}`;
    names.set(`${prefix}${name}`, JSON.stringify(source));
  }
  addFields(names, fields, prefix);
}

function addFields(
  names: Map<string, string>,
  fields: object,
  prefix: string,
): void {
  for (const [name, value] of Object.entries(fields)) {
    names.set(`${prefix}${name}`, JSON.stringify(value));
  }
}

function addEach(
  names: Map<string, string>,
  values: Record<string, string> | undefined,
  what: string,
): void {
  for (const [name, value] of Object.entries(values ?? {})) {
    names.set(`${what} ${name}`, value);
  }
}
