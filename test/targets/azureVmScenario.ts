import { ConfigReader } from '@backstage/config';
import { readAzureConnections } from '@vvp/backstage-plugin-deploy-backend-module-azure';
import { createVirtualMachineTarget } from '@vvp/backstage-plugin-deploy-backend-module-azure/src/virtualMachine';
import type { TargetEnvironment } from '@vvp/backstage-plugin-deploy-node';
import {
  failingRunner,
  FaultScenario,
  targetRunner,
} from '../faults/FaultScenario';
import { planOf } from '../faults/planOf';
import {
  BACKUPS,
  backups,
  commits,
  DIALPLAN,
  dialplanOf,
  SIGNER,
  SIGNER_UNIT,
} from '../simulators/vm/pbx';
import { AzureVmWorld, startAzureVmWorld } from './azureVmWorld';

type Variant = 'release' | 'configFile';

/** A service comes up at once; only a machine that is busy with tests takes longer. */
const limits = { deadlineMs: 60_000, pauseMs: 20 };

/**
 * A rollback to be killed in.
 *
 * @param fails - whether something fails after the last step, and all is undone
 */
export function azureVmScenario(
  variant: Variant,
  fails: boolean,
): FaultScenario {
  return {
    async startPlatform() {
      const world = await startAzureVmWorld();
      const { azure, machine } = world;
      const environment = variant === 'release' ? world.signer : world.dialplan;
      const revisions = variant === 'release' ? commits : backups;
      const ownerBefore = await machine.owner(DIALPLAN);
      return {
        state: {
          environment: JSON.parse(JSON.stringify(environment)),
          deploy: {
            targets: {
              azure: {
                connections: [azure.connectionConfig('vvp', ['vvp/*'])],
              },
            },
          },
        },
        plan: () =>
          planOf({ target: world.target, environment, revisions }, fails),
        async check({ outcome }) {
          const isDone = outcome === 'done';
          const wanted = isDone ? revisions.previous : revisions.current;
          await (variant === 'release'
            ? checkRelease(world, wanted)
            : checkDialplan(world, wanted, ownerBefore));
        },
        stop: () => world.stop(),
      };
    },
    async runners(state) {
      const target = createVirtualMachineTarget(
        readAzureConnections(new ConfigReader(state)),
        limits,
      );
      return {
        target: targetRunner(
          target,
          state.environment as unknown as TargetEnvironment,
        ),
        failing: failingRunner,
      };
    },
  };
}

/** What the link says and what the process runs, and that nothing is left behind. */
async function checkRelease(
  { machine }: AzureVmWorld,
  wanted: string,
): Promise<void> {
  const running = await machine.running(SIGNER_UNIT);
  const linked = await machine.linked(SIGNER);
  if (running !== wanted || linked !== wanted) {
    throw new Error(`The signer runs ${running}, and the link says ${linked}.`);
  }
  const releases = await machine.list(`${SIGNER}/releases`);
  if (releases.length !== 3) {
    throw new Error(`There are the releases ${releases}.`);
  }
}

/** What the file holds and what FreeSWITCH runs with, and that backups and owner are as they were. */
async function checkDialplan(
  { machine }: AzureVmWorld,
  wanted: string,
  owner: string,
): Promise<void> {
  const text = dialplanOf(wanted);
  const loaded = await machine.loaded();
  const file = await machine.read(DIALPLAN);
  if (loaded !== text || file !== text) {
    throw new Error(`FreeSWITCH has ${loaded}, and the file ${file}.`);
  }
  const kept = await machine.list(BACKUPS);
  for (const name of [backups.older, backups.previous, backups.current]) {
    if (!kept.includes(name)) {
      throw new Error(`The backup ${name} is gone.`);
    }
  }
  const mode = (await machine.owner(DIALPLAN)).split(' ')[0];
  if (mode !== owner.split(' ')[0]) {
    throw new Error(`The file has the mode ${mode}.`);
  }
}
