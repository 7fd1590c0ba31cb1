import { ConfigReader } from '@backstage/config';
import {
  EcsTarget,
  readAwsConnections,
  readPollMilliseconds,
} from '@vvp/backstage-plugin-deploy-backend-module-aws';
import type { DeployTarget } from '@vvp/backstage-plugin-deploy-node';
import {
  failingRunner,
  FaultScenario,
  targetRunner,
} from '../faults/FaultScenario';
import { Ledger, NewService } from '../simulators/aws';
import {
  EcsHarness,
  environment,
  runningOf,
  startEcsHarness,
} from './ecsHarness';

/** Longer than the process that takes over lives in the future. */
const TIMEOUT_SECONDS = 3_600;

/** What the processes asked, of all scenarios of a test file. */
export const ledger = new Ledger();

/**
 * A rollback to be killed in.
 *
 * @param fails - whether something fails after the last step, and all is undone
 */
export function ecsScenario(
  service: Partial<NewService>,
  fails: boolean,
): FaultScenario {
  return {
    async startPlatform() {
      const harness = await startEcsHarness({
        ledger,
        service,
        // Moments have to be the same each time.
        simulator: { tickOnLook: true },
      });
      return {
        state: { deploy: { targets: harness.config } },
        plan: () => planOf(harness, fails),
        async check({ outcome }) {
          const { previous, current } = harness.revisions;
          const expected = outcome === 'done' ? previous : current;
          const running = (await runningOf(harness.client)).join(',');
          if (running !== expected || (await harness.serving()) !== expected) {
            throw new Error(`ECS runs ${running}.`);
          }
        },
        stop: () => harness.stop(),
      };
    },
    async runners(state) {
      const config = new ConfigReader(state);
      const target = new EcsTarget({
        connections: readAwsConnections(config),
        pollMilliseconds: readPollMilliseconds(config),
      });
      return {
        target: targetRunner(target as DeployTarget, environment),
        failing: failingRunner,
      };
    },
  };
}

async function planOf(harness: EcsHarness, fails: boolean) {
  const { target, revisions } = harness;
  const { steps } = await target.planRollback(
    environment,
    revisions.previous,
    AbortSignal.timeout(10_000),
  );
  return {
    lockKey: target.describe(environment).lockKey,
    steps: [
      ...steps.map(step => ({
        ...step,
        runner: 'target',
        timeoutSeconds: TIMEOUT_SECONDS,
      })),
      ...(fails
        ? [{ name: 'prove', title: 'Prove', input: {}, runner: 'failing' }]
        : []),
    ],
  };
}
