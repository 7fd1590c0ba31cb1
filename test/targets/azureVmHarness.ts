import { createHash } from 'node:crypto';
import { TargetHarness } from '@vvp/backstage-plugin-deploy-node/testUtils';
import {
  backups,
  commits,
  DIALPLAN,
  dialplanOf,
  SIGNER,
  SIGNER_UNIT,
} from '../simulators/vm/pbx';
import { AzureVmWorld, startAzureVmWorld } from './azureVmWorld';

/** The signer on VVP's PBX machine: releases in directories. */
export async function startAzureVmReleaseHarness(): Promise<TargetHarness> {
  const world = await startAzureVmWorld();
  const { machine } = world;
  return {
    ...common(world),
    environment: world.signer,
    revisions: commits,
    // What runs counts, and not only what the link says.
    serving: async () => (await machine.running(SIGNER_UNIT)) ?? 'nothing',
    async push() {
      await machine.addRelease(SIGNER, commits.pushed);
      await machine.deploy(SIGNER_UNIT, commits.pushed);
      return commits.pushed;
    },
    faults: {
      ...commonFaults(world),
      neverHealthy: revision => machine.setBad(SIGNER_UNIT, [revision]),
      async clear() {
        clearFaults(world);
        await machine.setBad(SIGNER_UNIT, []);
      },
    },
  };
}

/** The dialplan on VVP's PBX machine: one file with backups. */
export async function startAzureVmConfigFileHarness(): Promise<TargetHarness> {
  const world = await startAzureVmWorld();
  const { machine } = world;
  return {
    ...common(world),
    environment: world.dialplan,
    revisions: backups,
    serving: async () => nameOfContent((await machine.loaded()) ?? ''),
    // As VVP's pipeline does it, but for the backup: what runs now has one already.
    async push() {
      const text = dialplanOf(backups.pushed);
      await machine.write(DIALPLAN, text);
      await machine.write('/sim/freeswitch/loaded', text);
      return liveName(text);
    },
    faults: {
      ...commonFaults(world),
      neverHealthy: revision => machine.setBadFiles([dialplanOf(revision)]),
      async clear() {
        clearFaults(world);
        await machine.setBadFiles([]);
      },
    },
  };
}

function common(world: AzureVmWorld) {
  return {
    target: world.target,
    changes: async () => (await world.machine.changes()).length,
    stop: () => world.stop(),
  };
}

function commonFaults({ azure, virtualMachine }: AzureVmWorld) {
  return {
    // Azure has one permission for all run-commands; what the steps do is told apart by its claim.
    async denyChanges() {
      virtualMachine.denied = script => /^claim$/m.test(script);
    },
    async rejectCredentials() {
      azure.faults.rejectCredentials = true;
    },
    async throttle(requests: number) {
      azure.faults.throttle = requests;
      azure.faults.throttleRetryAfterSeconds = 0;
    },
    async cutNextChange() {
      azure.faults.cutChanges = 1;
    },
  };
}

function clearFaults({ azure, virtualMachine }: AzureVmWorld): void {
  azure.clearFaults();
  virtualMachine.denied = undefined;
}

function nameOfContent(text: string): string {
  return (
    Object.values(backups).find(
      name => name !== backups.pushed && dialplanOf(name) === text,
    ) ?? liveName(text)
  );
}

/** What has no backup is known by its hash. */
function liveName(text: string): string {
  return `live@${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
}
