import { PipelineDocument } from './schema';
import { quote } from './suggest';
import { plain } from './targetIdentity';
import { TargetSpec } from './types';

type Report = (
  path: readonly string[],
  message: string,
  remedy: string,
) => void;

type Machine = Extract<TargetSpec, { type: 'azure-vm' }>;

/** What a service has on a machine, in one environment. */
interface Tenant {
  /** The environment and its service, for people. */
  place: string;
  path: readonly string[];
  target: Machine;
}

/** Two that would shut each other out, or write over each other, on one machine. That two have one unit or one directory is seen with the targets. */
export function checkMachines(
  { spec }: PipelineDocument,
  report: Report,
): void {
  const tenants: Tenant[] = [];
  for (const [service, { environments }] of Object.entries(spec.services)) {
    for (const [name, { target, url }] of Object.entries(environments)) {
      if (target?.type === 'azure-vm') {
        const tenant = {
          place: `${quote(name)} of ${quote(service)}`,
          path: ['spec', 'services', service, 'environments', name, 'target'],
          target,
        };
        for (const other of tenants) {
          if (isSameMachine(other.target, target)) {
            checkPort(other, tenant, report);
            checkDirectories(other, tenant, report);
            checkBackups(other, tenant, report);
          }
        }
        tenants.push(tenant);
        checkKey(target, addressOf(spec, name, url), tenant.path, report);
      }
    }
  }
}

function addressOf(
  { environments }: PipelineDocument['spec'],
  name: string,
  own: string | undefined,
): string | undefined {
  return own ?? environments.find(one => one.name === name)?.url;
}

/** A key of the machine is read from its file, and goes to the machine itself or to where the service answers. */
function checkKey(
  { health = {}, release }: Machine,
  address: string | undefined,
  path: readonly string[],
  report: Report,
): void {
  const { url, keyVariable, keyHeader } = health;
  const tell = (key: keyof typeof health, message: string, remedy: string) =>
    report([...path, 'health', key], message, remedy);
  if (keyHeader !== undefined && keyVariable === undefined) {
    tell(
      'keyHeader',
      'no key is sent that a header could hold',
      'Add "keyVariable", or remove it.',
    );
  }
  if (keyVariable === undefined) {
    return;
  }
  if (release?.environmentFile === undefined) {
    tell(
      'keyVariable',
      'there is no environment file that the key could be read from',
      'Add environmentFile to the "release" of the target, or remove it.',
    );
  }
  if (url === undefined) {
    tell(
      'keyVariable',
      'there is no address that the key could be sent to',
      'Add "url" to "health", or remove it.',
    );
  } else if (!mayHaveKey(url, address)) {
    tell(
      'url',
      `the key of the machine would be sent to ${quote(hostOf(url) ?? url)}`,
      "Ask on the machine itself, such as http://127.0.0.1:8080/status, or at the host of the environment's url.",
    );
  }
}

function mayHaveKey(url: string, address: string | undefined): boolean {
  const host = hostOf(url);
  return (
    host !== undefined &&
    (['localhost', '127.0.0.1', '[::1]'].includes(host) ||
      host === hostOf(address))
  );
}

function hostOf(address: string | undefined): string | undefined {
  try {
    return new URL(address ?? '').hostname;
  } catch {
    return undefined;
  }
}

/** One without a connection takes the only one there is, which may be the one that the other names. */
function isSameMachine(left: Machine, right: Machine): boolean {
  const nameOf = ({ resourceGroup, name }: Machine) =>
    `${resourceGroup}/${name}`.toLocaleLowerCase('en-US');
  return (
    nameOf(left) === nameOf(right) &&
    (left.connection === right.connection ||
      left.connection === undefined ||
      right.connection === undefined)
  );
}

function checkPort(earlier: Tenant, later: Tenant, report: Report): void {
  const port = later.target.health?.udpPort;
  if (port !== undefined && port === earlier.target.health?.udpPort) {
    report(
      [...later.path, 'health', 'udpPort'],
      `${earlier.place} and ${later.place} both listen at the UDP port ${port} of one machine`,
      'Give each its own.',
    );
  }
}

/** A release is a directory that is put in place and cleared away as a whole. */
function checkDirectories(
  earlier: Tenant,
  later: Tenant,
  report: Report,
): void {
  for (const [outer, inner] of [
    [earlier, later],
    [later, earlier],
  ]) {
    const directory = outer.target.release?.directory;
    const within =
      directory !== undefined &&
      placesOf(inner.target).find(([, file]) => isWithin(file, directory));
    if (within) {
      const [place] = within;
      report(
        [
          ...later.path,
          ...(inner === later ? place : ['release', 'directory']),
        ],
        `${quote(place.at(-1)!)} of ${inner.place} lies in the releases of ${
          outer.place
        }, where what is old is cleared away`,
        'Put the two beside each other, such as /opt/vvp/verify and /opt/vvp/sign.',
      );
    }
  }
}

/** Whatever a service keeps on its machine. */
function placesOf({ release, configFile }: Machine): [string[], string][] {
  const places: [string[], string | undefined][] = [
    [['release', 'directory'], release?.directory],
    [['release', 'environmentFile'], release?.environmentFile],
    [['configFile', 'path'], configFile?.path],
    [['configFile', 'backupDirectory'], configFile?.backupDirectory],
  ];
  return places.filter((place): place is [string[], string] =>
    Boolean(place[1]),
  );
}

/** The directory itself is seen with the targets. */
function isWithin(file: string, directory: string): boolean {
  return plain(file).startsWith(`${plain(directory)}/`);
}

/** Backups are told by the name of their file. */
function checkBackups(earlier: Tenant, later: Tenant, report: Report): void {
  const [first, second] = [earlier, later].map(({ target: { configFile } }) =>
    configFile
      ? `${plain(configFile.backupDirectory)}/${plain(configFile.path)
          .split('/')
          .at(-1)}`
      : undefined,
  );
  if (first !== undefined && first === second) {
    report(
      [...later.path, 'configFile', 'backupDirectory'],
      `the backups of ${earlier.place} and ${later.place} would have the same names`,
      'Give each a directory of its own: what is put back must be its own file.',
    );
  }
}
