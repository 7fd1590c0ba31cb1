import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  DeployTarget,
  TargetEnvironment,
} from '@vvp/backstage-plugin-deploy-node';
import { TargetHarness } from '@vvp/backstage-plugin-deploy-node/testUtils';
import { migratedDatabase } from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/migratedDatabase';
import { checkedTarget } from '@vvp/backstage-plugin-deploy-backend/src/targets/checkedTarget';
import { Ledger } from '../simulators/aws';
import { OpenApiValidator } from '../simulators/kubernetes';
import { startContainerApps } from './azureContainerAppHarness';
import {
  startAzureVmConfigFileHarness,
  startAzureVmReleaseHarness,
} from './azureVmHarness';
import { startEcsHarness } from './ecsHarness';
import { startGithubWorkflowHarness } from './githubWorkflowHarness';
import { startWorkflowGithub } from './githubWorkflowWorld';
import { startKubernetesHarness } from './kubernetesHarness';

jest.setTimeout(300_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

const starts: [string, () => Promise<TargetHarness<any>>][] = [
  ['azure-container-app', () => startContainerApps({ mode: 'Multiple' })],
  ['azure-vm with releases', startAzureVmReleaseHarness],
  ['azure-vm with a configuration file', startAzureVmConfigFileHarness],
  ['ecs', () => startEcsHarness({ ledger: new Ledger() })],
  [
    'kubernetes',
    () =>
      startKubernetesHarness('Deployment', {
        validator: new OpenApiValidator(),
      }),
  ],
  [
    'github-workflow',
    async () => {
      const github = await startWorkflowGithub();
      const harness = await startGithubWorkflowHarness(
        github,
        await migratedDatabase(databases, 'SQLITE_3'),
      );
      return {
        ...harness,
        stop: async () => {
          await harness.stop();
          await github.stop();
        },
      };
    },
  ],
];

/** What the portal lets through of a target's answers is what our own targets answer. */
describe.each(starts)('the answers of %s', (_name, start) => {
  it('can all be read', async () => {
    const harness = await start();
    const logger = mockServices.logger.mock();
    const environment: TargetEnvironment = harness.environment;
    const target: DeployTarget = checkedTarget(harness.target, logger);
    const { signal } = new AbortController();
    const { current, previous } = harness.revisions;

    try {
      const revisions = await target.revisions(environment, signal);
      const serving = await target.currentRevision(environment, signal);
      const plan = await target.planRollback(environment, previous, signal);
      const restart = await target.planRestart?.(environment, signal);
      const verification = await target.verify(environment, current, signal);
      const health = await target.health(environment, signal);
      const diagnostics = await target.diagnostics(environment, signal);
      await target.traffic?.(environment, signal);

      expect(revisions.map(({ id }) => id)).toContain(previous);
      expect(serving?.id).toBe(current);
      expect(plan.to?.id).toBe(previous);
      expect(restart?.alreadyThere ?? false).toBe(false);
      expect(verification.inPlace).toBe(true);
      expect(diagnostics.health.state).toBe(health.state);
      expect(logger.warn).not.toHaveBeenCalled();
    } finally {
      await harness.stop();
    }
  });
});
