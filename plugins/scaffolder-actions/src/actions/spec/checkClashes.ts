import { ConflictError, InputError } from '@backstage/errors';
import { NewService } from './addService';

/** Something that only one service can have, and what to say if two want it. */
interface Claim {
  id: string;
  what: string;
  remedy: string;
}

/**
 * Refuses a service that asks for what another one has: its key, its entity, or on the same machine a directory, a
 * unit, an environment file or a port.
 *
 * @throws ConflictError with the name of the service that has it
 */
export function checkClashes(
  services: Readonly<Record<string, unknown>>,
  { key, service }: NewService,
): void {
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(key)) {
    throw new InputError(
      `"${key}" is no key of a service. Use lower-case letters, digits and hyphens.`,
    );
  }
  if (Object.hasOwn(services, key)) {
    throw new ConflictError(
      `There is a service "${key}" already. Choose another key, or change that one in deploy.yaml.`,
    );
  }
  const taken = new Map<string, string>();
  for (const [other, value] of Object.entries(services)) {
    for (const { id } of claimsOf(value)) {
      taken.set(id, other);
    }
  }
  for (const { id, what, remedy } of claimsOf(service)) {
    const other = taken.get(id);
    if (other !== undefined) {
      throw new ConflictError(
        `${what} is that of the service "${other}" already. ${remedy}`,
      );
    }
  }
}

function claimsOf(service: unknown): Claim[] {
  const { entity, environments } = asRecord(service);
  return [
    ...(typeof entity === 'string'
      ? [
          {
            id: `entity ${entity.toLowerCase()}`,
            what: `The entity ${entity}`,
            remedy: 'Name the entity of the new service.',
          },
        ]
      : []),
    ...Object.values(asRecord(environments)).flatMap(environment =>
      targetClaims(asRecord(asRecord(environment).target)),
    ),
  ];
}

function targetClaims(target: Record<string, unknown>): Claim[] {
  const place = `${target.resourceGroup}/${target.name}`.toLowerCase();
  if (target.type === 'azure-container-app') {
    return [
      {
        id: `app ${place}`,
        what: `The Container App ${target.name}`,
        remedy: 'Give the new service an app of its own.',
      },
    ];
  }
  return target.type === 'azure-vm' ? machineClaims(target, place) : [];
}

function machineClaims(
  target: Record<string, unknown>,
  machine: string,
): Claim[] {
  const { directory, unit, environmentFile } = asRecord(target.release);
  const { path } = asRecord(target.configFile);
  const { udpPort, url } = asRecord(target.health);
  const claim = (kind: string, value: unknown, remedy: string): Claim[] =>
    value === undefined
      ? []
      : [
          {
            id: `${kind} ${value} on ${machine}`,
            what: `The ${kind} ${value} on ${target.name}`,
            remedy,
          },
        ];
  const own = 'Give the new service one of its own.';
  return [
    ...claim('directory', withoutSlash(directory), own),
    ...claim('unit', unit, own),
    ...claim('environment file', environmentFile, own),
    ...claim('file', withoutSlash(path), own),
    ...claim('UDP port', udpPort, 'Choose a free port.'),
    ...claim('TCP port', portOf(url), 'Choose a free port.'),
  ];
}

function withoutSlash(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\/+$/, '') : value;
}

function portOf(url: unknown): string | undefined {
  if (typeof url !== 'string' || !URL.canParse(url)) {
    return undefined;
  }
  const { port, protocol } = new URL(url);
  const usual = protocol === 'https:' ? '443' : '80';
  return port === '' ? usual : port;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)
    : {};
}
