import { isDeepStrictEqual } from 'node:util';
import { ConfigReader } from '@backstage/config';
import {
  createContainerAppTarget,
  readAzureConnections,
} from '@vvp/backstage-plugin-deploy-backend-module-azure';
import type { DeployTarget } from '@vvp/backstage-plugin-deploy-node';
import {
  failingRunner,
  FaultScenario,
  targetRunner,
} from '../faults/FaultScenario';
import { planOf } from '../faults/planOf';
import { NewApp } from '../simulators/azure/containerApps';
import {
  ContainerAppHarness,
  environmentOf,
  startContainerApps,
} from './azureContainerAppHarness';

/**
 * A rollback to be killed in.
 *
 * @param fails - whether something fails after the last step, and all is undone
 */
export function containerAppScenario(
  mode: NewApp['mode'],
  fails: boolean,
): FaultScenario {
  return {
    async startPlatform() {
      const harness = await startContainerApps({ mode });
      const before = await shownBy(harness);
      return {
        state: {
          deploy: {
            targets: {
              azure: { connections: [harness.azure.connectionConfig()] },
            },
          },
        },
        plan: () => planOf(harness, fails),
        async check({ outcome }) {
          const { previous, current } = harness.revisions;
          const serving = await harness.serving();
          if (serving !== (outcome === 'done' ? previous : current)) {
            throw new Error(`Azure serves ${serving}.`);
          }
          const after = await shownBy(harness);
          if (
            mode === 'Multiple' &&
            outcome === 'as-before' &&
            !isDeepStrictEqual(after, before)
          ) {
            throw new Error(`Azure has ${JSON.stringify(after)}.`);
          }
        },
        stop: () => harness.stop(),
      };
    },
    async runners(state) {
      const target = createContainerAppTarget(
        readAzureConnections(new ConfigReader(state)),
        { pollIntervalMs: 5, readySeconds: 60 },
      );
      return {
        target: targetRunner(
          target as unknown as DeployTarget,
          environmentOf('vvp-issuer'),
        ),
        failing: failingRunner,
      };
    },
  };
}

/** All revisions of the app, whether they are active, and their shares of the traffic. */
async function shownBy({ rest }: ContainerAppHarness): Promise<string[]> {
  const { body } = await rest.get(
    '/Microsoft.App/containerApps/vvp-issuer/revisions',
  );
  return body.value.map(
    ({ name, properties }: any) =>
      `${name} ${properties.active ? 'active' : 'inactive'} ${
        properties.trafficWeight ?? 0
      } %`,
  );
}
