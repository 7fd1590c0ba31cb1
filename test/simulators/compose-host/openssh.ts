import { readFileSync, statSync } from 'node:fs';
import { parseCall, UsageError } from './options';

/** The machine that is reached, and who may. */
export interface SshServer {
  host: string;
  /** As a file of known hosts has it, such as `ssh-ed25519 AAAA…`. */
  hostKey: string;
  user: string;
  /** Whose holder is let in. */
  privateKey: string;
}

/** Keywords of ssh_config(5) that are understood, and the values that must not be missing. */
const KEYWORDS: Readonly<Record<string, string | undefined>> = {
  HostName: undefined,
  User: undefined,
  IdentityFile: undefined,
  IdentitiesOnly: 'yes',
  IdentityAgent: 'none',
  UserKnownHostsFile: undefined,
  GlobalKnownHostsFile: '/dev/null',
  StrictHostKeyChecking: 'yes',
  BatchMode: 'yes',
  ConnectTimeout: undefined,
  ConnectionAttempts: undefined,
  ServerAliveInterval: undefined,
  ServerAliveCountMax: undefined,
  LogLevel: undefined,
};

/** Why a connection is refused; ssh and scp end with 255 then. */
export class Refused extends Error {}

/** Checks a call of ssh up to the command that it hands over. */
export function connect(argv: readonly string[], server: SshServer): void {
  const { options, operands } = parseCall(
    argv,
    { '-F': true, '-T': false },
    [2, 2],
  );
  checkConfiguration(options['-F']?.at(-1), operands[0], server);
}

/** Checks a call of scp, and tells what goes where below the user's home. */
export function copying(
  argv: readonly string[],
  server: SshServer,
): { source: string; destination: string } {
  const { options, operands } = parseCall(
    argv,
    { '-F': true, '-q': false, '-r': false, '-p': false },
    [2, 2],
  );
  const [source, to] = operands;
  const colon = to.indexOf(':');
  if (colon < 0) {
    throw new UsageError('Not simulated: a copy that stays here.');
  }
  checkConfiguration(options['-F']?.at(-1), to.slice(0, colon), server);
  return { source, destination: to.slice(colon + 1) };
}

function checkConfiguration(
  path: string | undefined,
  host: string,
  server: SshServer,
): void {
  if (!path) {
    throw new UsageError('Not simulated: no configuration of its own.');
  }
  const [first, ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  if (first !== `Host ${host}`) {
    throw new Refused(`Could not resolve hostname ${host}`);
  }
  const settings = new Map(
    lines.map(
      line => line.trim().split(/ (.*)/).slice(0, 2) as [string, string],
    ),
  );
  for (const key of settings.keys()) {
    if (!Object.hasOwn(KEYWORDS, key)) {
      throw new Refused(`${path}: Bad configuration option: ${key}`);
    }
  }
  for (const [key, value] of Object.entries(KEYWORDS)) {
    if (value !== undefined && settings.get(key) !== value) {
      throw new Refused(`${key} has to be ${value}`);
    }
  }
  if (settings.get('HostName') !== server.host) {
    throw new Refused('Could not resolve the name of the host');
  }
  const known = read(settings, 'UserKnownHostsFile');
  if (!known.split('\n').includes(`${server.host} ${server.hostKey}`)) {
    throw new Refused('Host key verification failed.');
  }
  const key = settings.get('IdentityFile') ?? '';
  // eslint-disable-next-line no-bitwise
  if ((statSync(key).mode & 0o077) !== 0) {
    throw new Refused('UNPROTECTED PRIVATE KEY FILE!');
  }
  if (
    settings.get('User') !== server.user ||
    read(settings, 'IdentityFile') !== `${server.privateKey}\n`
  ) {
    throw new Refused('Permission denied (publickey).');
  }
}

function read(settings: Map<string, string>, key: string): string {
  return readFileSync(settings.get(key) ?? '', 'utf8');
}
