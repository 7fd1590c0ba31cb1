import { randomBytes } from 'node:crypto';
import { chown, stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import {
  SimulatedVirtualMachine,
  VirtualMachineStore,
} from '../../azure/compute';
import { Machine } from '../../vm';
import { CloudDeployment, Platform, TargetOf } from '../types';

type MachineDeployment = CloudDeployment<TargetOf<'azure-vm'>>;
type ReleaseTarget = NonNullable<TargetOf<'azure-vm'>['release']>;
type FileTarget = NonNullable<TargetOf<'azure-vm'>['configFile']>;

const WWW_DATA = 33;
const DEFAULT_KEEP = 3;
/** What the machine's image brings. */
const AS_INSTALLED = '<include><!-- as installed --></include>\n';

/**
 * Release directories and configuration files, as the pipeline's run-commands put them there. A machine
 * that runs nothing is made for a name that was not heard of before.
 */
export class VirtualMachines implements Platform<'azure-vm'> {
  readonly #store: VirtualMachineStore;
  readonly #units = new Set<string>();

  constructor(store: VirtualMachineStore) {
    this.#store = store;
  }

  async deploy(deployment: MachineDeployment): Promise<void> {
    const { release, configFile } = deployment.target;
    const virtual = await this.#machine(deployment);
    // Azure takes one run-command at a time, the pipeline's among them.
    while (virtual.runs.some(run => run.finishedAt === undefined)) {
      await wait(50);
    }
    if (release) {
      await this.#deployRelease(virtual.machine, deployment, release);
    }
    if (configFile) {
      await deployFile(virtual.machine, deployment, configFile);
    }
  }

  async spoil(deployment: MachineDeployment): Promise<void> {
    const { release } = deployment.target;
    if (!release) {
      return;
    }
    const { machine } = await this.#machine(deployment);
    const unit = `/sim/units/${release.unit}`;
    await machine.setBad(release.unit, [deployment.commit]);
    await machine.remove(`${unit}/running`);
    await machine.write(`${unit}/state`, 'activating auto-restart 3\n');
  }

  async serving({ target }: MachineDeployment): Promise<string | undefined> {
    const machine = this.#store.find(
      target.resourceGroup,
      target.name,
    )?.machine;
    if (!machine) {
      return undefined;
    }
    return target.release
      ? machine.running(target.release.unit)
      : commitIn(await machine.loaded());
  }

  async stop(): Promise<void> {
    await Promise.all(this.#store.list().map(each => each.machine.destroy()));
  }

  async #machine({
    target,
  }: MachineDeployment): Promise<SimulatedVirtualMachine> {
    const { resourceGroup, name } = target;
    return (
      this.#store.find(resourceGroup, name) ??
      this.#store.add({ resourceGroup, name, machine: await Machine.create() })
    );
  }

  async #deployRelease(
    machine: Machine,
    deployment: MachineDeployment,
    release: ReleaseTarget,
  ): Promise<void> {
    const { commit, at } = deployment;
    if (!this.#units.has(release.unit)) {
      this.#units.add(release.unit);
      await addUnit(machine, deployment.target, release);
    }
    const releases = `${release.directory}/releases`;
    await machine.addRelease(release.directory, commit, ageSeconds(at));
    await machine.deploy(release.unit, commit);
    const names = await machine.list(releases);
    const aged = await Promise.all(
      names.map(async name => ({
        name,
        at: (await stat(machine.path(`${releases}/${name}`))).mtimeMs,
      })),
    );
    const old = aged
      .sort((left, right) => right.at - left.at)
      .slice(release.keep ?? DEFAULT_KEEP);
    await Promise.all(
      old.map(({ name }) => machine.remove(`${releases}/${name}`)),
    );
  }
}

async function addUnit(
  machine: Machine,
  { health }: TargetOf<'azure-vm'>,
  { unit, directory, environmentFile }: ReleaseTarget,
): Promise<void> {
  const variable = health?.keyVariable;
  // The key of the status page; nobody but the machine knows it.
  const key = randomBytes(24).toString('hex');
  if (environmentFile) {
    await machine.write(
      environmentFile,
      variable ? `${variable}=${key}\n` : '',
      { mode: 0o600 },
    );
  }
  await machine.addUnit({
    unit,
    directory,
    port: health?.udpPort,
    url: health?.url,
    header: variable && `${health.keyHeader ?? 'X-API-Key'}: ${key}`,
  });
}

/** Keeps a copy of the file that is there, writes the new one and has it read. */
async function deployFile(
  machine: Machine,
  { commit, at }: MachineDeployment,
  file: FileTarget,
): Promise<void> {
  const before = (await machine.read(file.path)) ?? AS_INSTALLED;
  const stamp = at
    .toISOString()
    .replace(/[-:]|\..*$/g, '')
    .replace('T', '-');
  const name = file.path.split('/').pop();
  await writeOwned(
    machine,
    `${file.backupDirectory}/${name}.${stamp}`,
    before,
    at,
  );
  await writeOwned(
    machine,
    file.path,
    `<include><!-- ${commit} --></include>\n`,
    at,
  );
  if (file.reload === 'freeswitch-xml') {
    await machine.useFreeswitch(file.path);
  }
}

async function writeOwned(
  machine: Machine,
  path: string,
  text: string,
  at: Date,
): Promise<void> {
  await machine.write(path, text, { mode: 0o640, ageSeconds: ageSeconds(at) });
  if (machine.kind === 'chroot') {
    await chown(machine.path(path), WWW_DATA, WWW_DATA);
  }
}

function commitIn(text: string | undefined): string | undefined {
  return /[0-9a-f]{40}/.exec(text ?? '')?.[0];
}

function ageSeconds(at: Date): number {
  return (Date.now() - at.getTime()) / 1000;
}
