import { createHash } from 'node:crypto';
import { InputError } from '@backstage/errors';
import { TargetSpec } from '@vvp/backstage-plugin-deploy-common';
import { TargetEnvironment } from '@vvp/backstage-plugin-deploy-node';
import { ScriptValues } from './machine/scripts';

/** The target as `deploy.yaml` has it. */
export type VirtualMachineSpec = Extract<TargetSpec, { type: 'azure-vm' }>;

/** An environment on a virtual machine. */
export type VirtualMachineEnvironment = TargetEnvironment<VirtualMachineSpec>;

/** What lies on the machine. */
export type ReleaseSpec = NonNullable<VirtualMachineSpec['release']>;
export type ConfigFileSpec = NonNullable<VirtualMachineSpec['configFile']>;

const STATE_DIRECTORY = '/var/lib/backstage-deploy';
const DEFAULT_KEY_HEADER = 'X-API-Key';

/**
 * The values that every script of a service is given. Throws an InputError that names the field and the
 * remedy where the spec cannot work.
 */
export function readSettings(
  environment: VirtualMachineEnvironment,
): ScriptValues {
  const { release, configFile, health } = environment.target;
  if ((release === undefined) === (configFile === undefined)) {
    throw new InputError(
      'target: an azure-vm target needs either release or configFile. Say in deploy.yaml what lies on the machine.',
    );
  }
  checkPath(release?.directory, 'target.release.directory');
  checkPath(release?.environmentFile, 'target.release.environmentFile');
  checkPath(configFile?.path, 'target.configFile.path');
  checkPath(configFile?.backupDirectory, 'target.configFile.backupDirectory');
  checkKey(environment);
  const subject = release?.directory ?? configFile?.path ?? '';
  return {
    state: `${STATE_DIRECTORY}/${digest(subject)}`,
    directory: release?.directory ?? '',
    unit: release?.unit ?? '',
    environment_file: release?.environmentFile ?? '',
    file: configFile?.path ?? '',
    backups: configFile?.backupDirectory ?? '',
    owner: configFile?.owner ?? '',
    reload: configFile?.reload ?? '',
    udp_port: health?.udpPort ?? '',
    health_url: health?.url ?? '',
    key_variable: health?.keyVariable ?? '',
    key_header: health?.keyHeader ?? DEFAULT_KEY_HEADER,
  };
}

/** Short, and safe as a name of a file. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

/** Scripts run as root: no path leads elsewhere than it seems to. */
function checkPath(path: string | undefined, field: string): void {
  if (path === undefined) {
    return;
  }
  const steps = path.split('/').slice(1);
  if (
    !path.startsWith('/') ||
    steps.some(step => step === '' || step === '.' || step === '..')
  ) {
    throw new InputError(
      `${field}: "${path}" is not a plain absolute path. Write it without "..", "." and empty parts.`,
    );
  }
}

/** A key of the machine is sent to the machine itself or to where the environment answers, nowhere else. */
function checkKey({ target, url }: VirtualMachineEnvironment): void {
  const { health, release } = target;
  if (health?.keyVariable === undefined) {
    return;
  }
  if (release?.environmentFile === undefined) {
    throw new InputError(
      'target.health.keyVariable needs target.release.environmentFile: that is where the key is read.',
    );
  }
  const host = hostOf(health.url);
  if (host === undefined) {
    throw new InputError(
      'target.health.keyVariable needs an address to send the key to. Add target.health.url.',
    );
  }
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(host);
  if (!loopback && host !== hostOf(url)) {
    throw new InputError(
      `target.health.url: the key would be sent to ${host}. Ask on the machine itself, such as http://127.0.0.1:8080/status, or at the host of the environment's url.`,
    );
  }
}

function hostOf(address: string | undefined): string | undefined {
  try {
    return address === undefined
      ? undefined
      : new URL(address).hostname.toLowerCase();
  } catch {
    return undefined;
  }
}
