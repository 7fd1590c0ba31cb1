import { drivePlan } from '@vvp/backstage-plugin-deploy-node/testUtils';
import { OpenApiValidator } from '../simulators/kubernetes';
import type { Fate } from '../simulators/kubernetes';
import {
  imageOf,
  KubernetesHarness,
  NAME,
  NAMESPACE,
  startKubernetesHarness,
} from './kubernetesHarness';

// The first test also loads the SDK.
jest.setTimeout(240_000);

const validator = new OpenApiValidator();
let harness: KubernetesHarness;

type Kind = Parameters<typeof startKubernetesHarness>[0];

async function start(kind: Kind, spec?: object): Promise<void> {
  harness = await startKubernetesHarness(kind, { validator, spec });
}

function signal(): AbortSignal {
  return AbortSignal.timeout(20_000);
}

async function rollBack(revision = harness.revisions.previous) {
  const { target, environment } = harness;
  const plan = await target.planRollback(environment, revision, signal());
  const result = await drivePlan(target, environment, plan.steps);
  return { plan, ...result };
}

afterEach(() => harness?.stop());

describe('a revision that does not come up', () => {
  it.each<[Fate, RegExp]>([
    [
      'never-pull',
      /ImagePullBackOff in api-\S+ \(container app\): Back-off pulling image "registry\.example\.test\/api:2"/,
    ],
    [
      'crash',
      /CrashLoopBackOff in api-\S+ \(container app\): it ends with exit code 3/,
    ],
    [
      'no-config',
      /CreateContainerConfigError in api-\S+ \(container app\): configmap "settings" not found/,
    ],
    [
      'unschedulable',
      /ProgressDeadlineExceeded.*Unschedulable in api-\S+: 0\/2 nodes/,
    ],
    ['unready', /ProgressDeadlineExceeded.*NotReady in api-\S+/],
  ])('is taken out again, and the reason is told: %s', async (fate, reason) => {
    await start('Deployment', { progressDeadlineSeconds: 1 });
    harness.simulator.setFate(imageOf(2), fate);

    const { error, outcome } = await rollBack();

    expect(error).toMatchObject({ kind: 'unhealthy' });
    expect(error?.message).toMatch(reason);
    expect(outcome).toBe('as-before');
    expect(await harness.serving()).toBe(harness.revisions.current);
  });

  it('is taken out again where a quota leaves no room', async () => {
    await start('Deployment');
    const { length } = await harness.pipeline.list('pods');
    harness.simulator.setQuota(NAMESPACE, length);

    const { error, outcome } = await rollBack();

    expect(error?.message).toMatch(/FailedCreate in api-\S+: .*exceeded quota/);
    expect(outcome).toBe('as-before');
    expect(await harness.serving()).toBe(harness.revisions.current);
  });
});

describe('getting away from a release that does not come up', () => {
  it.each<Kind>(['Deployment', 'StatefulSet', 'DaemonSet'])(
    'works for a %s that is stuck in it',
    async kind => {
      await start(
        kind,
        kind === 'Deployment' ? { progressDeadlineSeconds: 1 } : {},
      );
      const { pipeline, resource, simulator, revisions } = harness;
      simulator.setFate(imageOf('broken'), 'never-pull');
      await pipeline.setImage(resource, NAME, imageOf('broken'));
      if (kind === 'Deployment') {
        await pipeline.until(resource, NAME, ({ status }) =>
          status.conditions.some(
            ({ reason }: any) => reason === 'ProgressDeadlineExceeded',
          ),
        );
      }

      const { error, outcome, log } = await rollBack(revisions.current);

      expect(error).toBeUndefined();
      expect(outcome).toBe('done');
      expect(await harness.serving()).toBe(revisions.current);
      expect(log.join('\n')).toContain(
        `asks for revision ${revisions.current}`,
      );
    },
  );
});

describe('a Deployment that is paused', () => {
  async function pause(): Promise<void> {
    await harness.pipeline.patch('deployments', NAME, {
      spec: { paused: true },
    });
  }

  it('is resumed by a rollback, which says so', async () => {
    await start('Deployment');
    await pause();

    const { plan, outcome } = await rollBack();

    expect(plan.steps[0].title).toMatch(/and resume it: it is paused/);
    expect(outcome).toBe('done');
    expect(await harness.serving()).toBe(harness.revisions.previous);
  });

  it('is paused again if the rollback fails', async () => {
    await start('Deployment');
    harness.simulator.setFate(imageOf(2), 'never-pull');
    await pause();

    const { outcome } = await rollBack();

    expect(outcome).toBe('as-before');
    const { spec } = await harness.pipeline.get('deployments', NAME);
    expect(spec.paused).toBe(true);
  });

  it('is refused if what it asks for has never been rolled out', async () => {
    await start('Deployment');
    await pause();
    await harness.pipeline.setImage('deployments', NAME, imageOf('new'));

    await expect(rollBack()).rejects.toMatchObject({
      kind: 'invalid',
      remedy: expect.stringContaining('kubectl rollout resume'),
    });
    expect(await harness.changes()).toBe(0);
  });

  it('is not restarted', async () => {
    await start('Deployment');
    await pause();
    const { target, environment } = harness;

    await expect(
      target.planRestart?.(environment, signal()),
    ).rejects.toMatchObject({ kind: 'invalid' });
  });
});

describe('what the API server is asked for', () => {
  it('puts back the template and its annotations, and leaves the replicas', async () => {
    await start('Deployment');
    const { pipeline, revisions } = harness;
    await pipeline.patch('deployments', NAME, {
      metadata: { annotations: { 'kubernetes.io/change-cause': 'third' } },
      spec: { replicas: 3 },
    });
    await pipeline.untilRolledOut('deployments', NAME);
    const before = await pipeline.get('replicasets', revisions.previous);

    await rollBack();

    const { metadata, spec } = await pipeline.get('deployments', NAME);
    expect(spec.replicas).toBe(3);
    expect(spec.template.spec).toEqual(before.spec.template.spec);
    expect(spec.template.metadata.labels).toEqual({ app: NAME });
    expect(metadata.annotations).not.toHaveProperty(
      'kubernetes.io/change-cause',
    );
  });

  it('puts the revision back again if a pipeline takes it away while it is awaited', async () => {
    await start('Deployment');
    const { target, environment, revisions, pipeline } = harness;
    const plan = await target.planRollback(
      environment,
      revisions.previous,
      signal(),
    );

    const { outcome, log } = await drivePlan(target, environment, plan.steps, {
      afterStep: async name => {
        if (name === 'undo') {
          await pipeline.setImage('deployments', NAME, imageOf('pushed'));
        }
      },
    });

    expect(outcome).toBe('done');
    expect(log.join('\n')).toMatch(/Something else has put/);
    expect(await harness.serving()).toBe(revisions.previous);
  });

  it('leaves a change alone that a pipeline made after its own', async () => {
    await start('Deployment');
    const { target, environment, revisions, push } = harness;
    const plan = await target.planRollback(
      environment,
      revisions.previous,
      signal(),
    );
    let pushed: string | undefined;

    const { outcome } = await drivePlan(target, environment, plan.steps, {
      failAfter: 1,
      afterStep: async () => {
        pushed = await push?.();
      },
    });

    expect(outcome).toBe('as-before');
    expect(await harness.serving()).toBe(pushed);
  });

  it('is refused to a process that has lost the operation', async () => {
    await start('Deployment');
    const { target, environment, revisions, pipeline } = harness;
    const [step] = (
      await target.planRollback(environment, revisions.previous, signal())
    ).steps;
    await pipeline.patch('deployments', NAME, {
      metadata: {
        annotations: { 'deploy.vvp.io/operation': 'the-operation:7' },
      },
    });

    const late = target.executeStep(environment, step, {
      operationId: 'the-operation',
      fence: 6,
      attempt: 1,
      signal: signal(),
      memory: {},
      outputs: {},
      log: () => {},
      remember: async () => {},
      wait: async () => {},
    });

    await expect(late).rejects.toMatchObject({ kind: 'busy' });
    expect(await harness.changes()).toBe(0);
  });

  it('names what a rollback leaves as it is', async () => {
    await start('Deployment');
    const { target, environment, revisions } = harness;

    const plan = await target.planRollback(
      environment,
      revisions.previous,
      signal(),
    );

    expect(plan.notRestored.join('\n')).toMatch(
      /ConfigMaps .*: api-settings\./,
    );
    expect(plan.notRestored.join('\n')).toMatch(/Secrets .*: api-secret\./);
    expect(plan.artifact.state).toBe('unknown');
    expect(JSON.stringify(plan.steps)).not.toContain('registry.example.test');
  });
});

describe('refusals that name the remedy', () => {
  it.each([
    ['StatefulSet', { updateStrategy: { type: 'OnDelete' } }, /OnDelete/],
    [
      'StatefulSet',
      {
        updateStrategy: {
          type: 'RollingUpdate',
          rollingUpdate: { partition: 1 },
        },
      },
      /partition 1/,
    ],
  ] as const)('a %s with %j', async (kind, spec, message) => {
    await start(kind);
    await harness.pipeline.patch('statefulsets', NAME, { spec }, 'merge-patch');

    await expect(rollBack()).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringMatching(message),
    });
  });

  it('a workload that is not there', async () => {
    await start('Deployment');
    const { target, environment } = harness;

    const revisions = target.revisions(
      { ...environment, target: { ...environment.target, name: 'nothing' } },
      signal(),
    );

    await expect(revisions).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringContaining('Deployment shop/nothing'),
    });
  });
});

describe('diagnostics', () => {
  it('hold events and the last lines of the container that failed, without secrets', async () => {
    await start('Deployment');
    const { pipeline, simulator, target, environment } = harness;
    simulator.setFate(imageOf('crashing'), 'crash');
    await pipeline.setImage('deployments', NAME, imageOf('crashing'));
    await pipeline.until('deployments', NAME, () =>
      simulator.cluster.store
        .list('Pod', NAMESPACE)
        .some(({ status }) =>
          Boolean(status.containerStatuses?.[0].lastState?.terminated),
        ),
    );

    const told = await target.diagnostics(environment, signal());

    expect(told.problems).toEqual([]);
    expect(told.health.reason).toMatch(/exit code 3|Error/);
    expect(told.events.map(({ message }) => message).join('\n')).toMatch(
      /BackOff at Pod api-/,
    );
    const lines = told.logs.flatMap(log => log.lines);
    expect(lines).toContain('cannot reach the database: password=*** refused');
    expect(JSON.stringify(told)).not.toContain('hunter2');
  });
});

it('was all understood by the API server’s own description', async () => {
  await validator.save('kubernetes-reasons');

  expect(validator.violations).toEqual([]);
  expect(validator.unvalidated).toEqual([]);
  expect(Object.keys(validator.counts)).not.toEqual([]);
});
