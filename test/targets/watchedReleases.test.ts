import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { lookAtDeployment } from '@vvp/backstage-plugin-deploy-backend/src/rollbacks/automatic/lookAtDeployment';
import {
  rolloutFailed,
  whyGivenUp,
} from '@vvp/backstage-plugin-deploy-backend/src/rollbacks/automatic/rolloutFailed';
import {
  WatchLook,
  watchVerdict,
} from '@vvp/backstage-plugin-deploy-backend/src/verification/watchVerdict';
import {
  DeployTarget,
  TargetEnvironment,
} from '@vvp/backstage-plugin-deploy-node';
import { drivePlan } from '@vvp/backstage-plugin-deploy-node/testUtils';
import { Ledger } from '../simulators/aws';
import { expectAwsValidated } from '../simulators/aws/testing';
import { OpenApiValidator } from '../simulators/kubernetes';
import {
  containerAppCalls,
  startContainerApps,
  updateImage,
} from './azureContainerAppHarness';
import {
  cluster,
  commitOf,
  describeService,
  place,
  service,
  startEcsHarness,
  taskDefinition,
} from './ecsHarness';
import { imageOf, NAME, startKubernetesHarness } from './kubernetesHarness';
import { saveKubernetesValidation } from './kubernetesValidation';

jest.setTimeout(240_000);

const CHECKS = 3;
const ISSUER = '/Microsoft.App/containerApps/vvp-issuer';
const DEPLOYED = 'd'.repeat(40);
const ledger = new Ledger();
const validator = new OpenApiValidator();
const signal = () => AbortSignal.timeout(20_000);

afterAll(() => containerAppCalls.write('azure-watched-releases'));
afterAll(() =>
  saveKubernetesValidation(validator, 'kubernetes-watched-releases'),
);
afterAll(() => expectAwsValidated(ledger, 'watched-releases'));

/** Looks as often as the window has it, and judges. */
async function watch(
  driven: { target: DeployTarget<any>; environment: TargetEnvironment<any> },
  release: { commit: string; begunAt: string },
) {
  const looks: WatchLook[] = [];
  while (looks.length < CHECKS) {
    looks.push(await lookAtDeployment(driven, release, looks.at(-1)?.serving));
  }
  return { looks, result: watchVerdict(looks, { checks: CHECKS }) };
}

describe('a revision of a Container App that never becomes ready', () => {
  const start = async (mode: 'Single' | 'Multiple') => {
    const harness = await startContainerApps({
      mode,
      // What tells the commit is the tag.
      app: {
        revisions: ['a', 'b', 'c'].map((letter, index) => ({
          suffix: `r${index + 1}`,
          image: `registry.example.test/vvp-issuer:${letter.repeat(40)}`,
          env: [],
          createdAt: `2026-11-0${index + 1}T10:00:00Z`,
        })),
      },
    });
    harness.store.defects.set(
      `registry.example.test/vvp-issuer:${DEPLOYED}`,
      'crash-loop',
    );
    const begunAt = new Date().toISOString();
    await updateImage(harness.rest, 'vvp-issuer');
    return { harness, release: { commit: DEPLOYED, begunAt } };
  };
  const readIssuer = async (
    harness: Awaited<ReturnType<typeof start>>['harness'],
  ) => (await harness.rest.get(ISSUER)).body.properties;

  it.each(['Single', 'Multiple'] as const)(
    'is absent in %s-revision mode although all looks well',
    async mode => {
      const { harness, release } = await start(mode);

      const { looks, result } = await watch(harness, release);

      expect(looks.map(({ health }) => health)).toEqual(
        Array(CHECKS).fill('healthy'),
      );
      expect(result).toEqual({
        verdict: 'absent',
        serving: 'vvp-issuer--r3',
        why: 'It did not come to serve: vvp-issuer--r3 (ccccccc) does.',
      });
      expect(await harness.serving()).toBe('vvp-issuer--r3');
      await harness.stop();
    },
  );

  it('is taken back in single-revision mode, so that it cannot come later', async () => {
    const { harness, release } = await start('Single');
    const { result } = await watch(harness, release);
    const { target, environment } = harness;
    const { serving } = result as Extract<typeof result, { serving: string }>;

    const plan = await target.planRollback(environment, serving, signal());
    const { outcome } = await drivePlan(target, environment, plan.steps);

    expect(plan.alreadyThere).toBe(false);
    expect(outcome).toBe('done');
    const app = await readIssuer(harness);
    expect(app.latestRevisionName).toBe(app.latestReadyRevisionName);
    expect(app.template.containers[0].image).toContain('c'.repeat(40));
    await harness.stop();
  });

  it('needs nothing put back in multiple-revision mode', async () => {
    const { harness, release } = await start('Multiple');
    const { result } = await watch(harness, release);
    const { serving } = result as Extract<typeof result, { serving: string }>;

    const plan = await harness.target.planRollback(
      harness.environment,
      serving,
      signal(),
    );

    expect(plan).toMatchObject({ alreadyThere: true, steps: [] });
    await harness.stop();
  });
});

describe('a task definition of ECS that the circuit breaker took back', () => {
  it('is absent although all looks well, and ECS says why', async () => {
    const harness = await startEcsHarness({
      ledger,
      service: { circuitBreaker: { enable: true, rollback: true } },
      simulator: { tickOnLook: true },
    });
    const begunAt = new Date().toISOString();
    harness.aws.register(place, taskDefinition(service, 4));
    harness.aws.failTasks(place, `${service}:4`, 'Essential container exited');
    await harness.client.send(
      new UpdateServiceCommand({
        cluster,
        service,
        taskDefinition: `${service}:4`,
      }),
    );
    const begun = await harness.target.revisions(harness.environment, signal());
    while ((await describeService(harness.client)).currentServiceDeployment) {
      await new Promise(resolve => {
        setImmediate(resolve);
      });
    }

    const release = { commit: commitOf(4), begunAt };

    const { looks, result } = await watch(harness, release);
    const revisions = await harness.target.revisions(
      harness.environment,
      signal(),
    );

    expect(result).toMatchObject({
      verdict: 'absent',
      serving: `${service}:3`,
    });
    const coming = (each: typeof begun) =>
      each.filter(({ comingIn }) => comingIn).map(({ id }) => id);
    expect(coming(begun)).toEqual([`${service}:4`]);
    expect(coming(revisions)).toEqual([]);
    const seen = { looks, release, revisions, serving: `${service}:3` };
    expect(rolloutFailed(seen)).toBe(true);
    expect(whyGivenUp(seen)).toBe(
      `ECS took ${service}:4 back by itself: Service deployment rolled back because the circuit breaker threshold was exceeded.`,
    );
    expect(await harness.serving()).toBe(`${service}:3`);
    await harness.stop();
  });
});

describe('a rollout of Kubernetes that is stuck', () => {
  it('is bad, since the workload asks for it, and is undone', async () => {
    const harness = await startKubernetesHarness('Deployment', { validator });
    const { target, environment, revisions } = harness;
    const begunAt = new Date().toISOString();
    harness.simulator.setFate(imageOf('stuck'), 'never-pull');
    await harness.pipeline.setImage(harness.resource, NAME, imageOf('stuck'));

    const { looks, result } = await watch(harness, {
      commit: DEPLOYED,
      begunAt,
    });

    expect(looks.map(({ health }) => health)).not.toContain('healthy');
    expect(result.verdict).toBe('bad');
    const plan = await target.planRollback(
      environment,
      revisions.current,
      signal(),
    );
    expect(plan.alreadyThere).toBe(false);
    const { outcome } = await drivePlan(target, environment, plan.steps);
    expect(outcome).toBe('done');
    expect(await harness.serving()).toBe(revisions.current);
    await harness.stop();
  });
});
