import { ConfigReader } from '@backstage/config';
import {
  KubernetesTarget,
  readConnections,
} from '@vvp/backstage-plugin-deploy-backend-module-kubernetes';
import type {
  DeployTarget,
  TargetEnvironment,
} from '@vvp/backstage-plugin-deploy-node';
import {
  failingRunner,
  FaultScenario,
  targetRunner,
} from '../faults/FaultScenario';
import { planOf } from '../faults/planOf';
import { OpenApiValidator } from '../simulators/kubernetes';
import { startKubernetesHarness } from './kubernetesHarness';

/** What Kubernetes' own description said of all calls of a test file. */
export const validator = new OpenApiValidator();

/** Long enough for a machine that is busy with tests. */
const patience = { pollMs: 5, lastingTroubleMs: 60_000, stallSeconds: 60 };

/**
 * A rollback of a Deployment to be killed in.
 *
 * @param fails - whether something fails after the last step, and all is undone
 */
export function kubernetesScenario(fails: boolean): FaultScenario {
  return {
    async startPlatform() {
      const harness = await startKubernetesHarness('Deployment', { validator });
      const { environment, simulator, revisions } = harness;
      return {
        state: {
          environment: JSON.parse(JSON.stringify(environment)),
          deploy: {
            targets: {
              kubernetes: {
                connections: [
                  {
                    name: 'local',
                    repositories: ['example-org/*'],
                    server: simulator.url,
                    token: 'portal-token',
                  },
                ],
              },
            },
          },
        },
        plan: () => planOf(harness, fails),
        async check({ outcome }) {
          await harness.pipeline.untilRolledOut('deployments', 'api');
          const serving = await harness.serving();
          const isDone = outcome === 'done';
          if (serving !== (isDone ? revisions.previous : revisions.current)) {
            throw new Error(`The ready pods are of ${serving}.`);
          }
        },
        stop: () => harness.stop(),
      };
    },
    async runners(state) {
      const target = new KubernetesTarget(
        readConnections(new ConfigReader(state)),
        { patience },
      );
      return {
        target: targetRunner(
          target as unknown as DeployTarget,
          state.environment as unknown as TargetEnvironment,
        ),
        failing: failingRunner,
      };
    },
  };
}
