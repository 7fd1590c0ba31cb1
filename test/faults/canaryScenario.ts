import { ConfigReader } from '@backstage/config';
import {
  createContainerAppTarget,
  readAzureConnections,
} from '@vvp/backstage-plugin-deploy-backend-module-azure';
import type { DeployTarget } from '@vvp/backstage-plugin-deploy-node';
import {
  ContainerAppHarness,
  environmentOf,
  startContainerApps,
} from '../targets/azureContainerAppHarness';
import { failingRunner, FaultScenario, targetRunner } from './FaultScenario';

const APP = '/Microsoft.App/containerApps/vvp-issuer';
const PERCENT = 10;
/** Longer than the process that takes over lives in the future. */
const TIMEOUT_SECONDS = 3_600;

/** Percent of the traffic that the canary has before and after each move. */
const shares = {
  start: { before: 0, after: PERCENT },
  finish: { before: PERCENT, after: 100 },
} as const;

/**
 * A move of a canary to be killed in.
 *
 * @param fails - whether something fails after the last step, and all is undone
 */
export function canaryScenario(
  move: keyof typeof shares,
  fails: boolean,
): FaultScenario {
  const { before, after } = shares[move];
  return {
    async startPlatform() {
      const harness = await startContainerApps({ mode: 'Multiple' });
      const { revision } = await harness.canary.begin();
      await share(harness, revision, before);
      const { target, environment } = harness;
      return {
        state: {
          deploy: {
            targets: {
              azure: { connections: [harness.azure.connectionConfig()] },
            },
          },
        },
        async plan() {
          const { steps } = await target.canary!.planMove(
            environment,
            { revision, move, percent: PERCENT },
            AbortSignal.timeout(20_000),
          );
          const failing = { name: 'prove', title: 'Prove', input: {} };
          return {
            lockKey: target.describe(environment).lockKey,
            steps: [
              ...steps.map(step => ({
                ...step,
                runner: 'target',
                timeoutSeconds: TIMEOUT_SECONDS,
              })),
              ...(fails ? [{ ...failing, runner: 'failing' }] : []),
            ],
          };
        },
        async check({ outcome }) {
          const expected = outcome === 'done' ? after : before;
          const shown = await sharesOf(harness, revision);
          if (
            shown.canary !== expected ||
            shown.stable !== 100 - expected ||
            shown.others !== 0
          ) {
            throw new Error(`Azure has ${JSON.stringify(shown)}.`);
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

/** What the pipeline, or a move before, gave the canary. */
async function share(
  harness: ContainerAppHarness,
  revision: string,
  percent: number,
): Promise<void> {
  const { rest, revisions } = harness;
  const give = async () => {
    const { body } = await rest.get(APP);
    return await rest.patch(APP, {
      location: body.location,
      properties: {
        configuration: {
          ingress: {
            traffic: [
              { revisionName: revision, weight: percent },
              { revisionName: revisions.current, weight: 100 - percent },
            ],
          },
        },
      },
    });
  };
  // Azure refuses a change while another one is under way.
  while ((await give()).status >= 400) {
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  while ((await sharesOf(harness, revision)).canary !== percent) {
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

/** Read by Azure's own API, without the code that drives it. */
async function sharesOf(
  { rest, revisions }: ContainerAppHarness,
  revision: string,
): Promise<{ canary: number; stable: number; others: number }> {
  const { body } = await rest.get(`${APP}/revisions`);
  const found = { canary: 0, stable: 0, others: 0 };
  for (const { name, properties } of body.value) {
    const weight = properties.active ? properties.trafficWeight ?? 0 : 0;
    if (name === revision) {
      found.canary += weight;
    } else if (name === revisions.current) {
      found.stable += weight;
    } else {
      found.others += weight;
    }
  }
  return found;
}
