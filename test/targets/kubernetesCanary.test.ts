import {
  drivePlan,
  DriveOptions,
} from '@vvp/backstage-plugin-deploy-node/testUtils';
import { OpenApiValidator } from '../simulators/kubernetes';
import {
  CANARY_COMMIT,
  imageOf,
  NAME,
  NAMESPACE,
  startCanaryHarness,
} from './kubernetesHarness';

// The first test also loads the SDK.
jest.setTimeout(240_000);

const validator = new OpenApiValidator();
const image = imageOf(CANARY_COMMIT);
let harness: Awaited<ReturnType<typeof startCanaryHarness>>;

afterEach(() => harness?.stop());

async function start(spec?: object): Promise<void> {
  harness = await startCanaryHarness({ validator, spec });
}

function signal(): AbortSignal {
  return AbortSignal.timeout(60_000);
}

function look(logEntries = 100) {
  const { target, environment } = harness;
  return target.canary!.look(
    environment,
    { commit: CANARY_COMMIT, logEntries },
    signal(),
  );
}

function plan(revision: string, which: 'start' | 'finish', percent = 40) {
  const { target, environment } = harness;
  return target.canary!.planMove(
    environment,
    { revision, move: which, percent },
    signal(),
  );
}

async function move(
  ...[revision, which, options]: [string, 'start' | 'finish', DriveOptions?]
) {
  const { steps } = await plan(revision, which);
  return drivePlan(harness.target, harness.environment, steps, {
    stepLimitMs: 60_000,
    ...options,
  });
}

/** A pipeline sets the image, and pauses nothing; returns the ReplicaSet. */
async function push(): Promise<string> {
  const { pipeline, simulator } = harness;
  const { store } = simulator.cluster;
  await pipeline.setImage('deployments', NAME, image);
  const own = () =>
    store
      .list('Pod', NAMESPACE)
      .find(pod => pod.spec.containers[0].image === image);
  await pipeline.until('deployments', NAME, () => own() !== undefined);
  return own()!.metadata.ownerReferences![0].name;
}

async function isPaused(): Promise<boolean> {
  const { spec } = await harness.pipeline.get('deployments', NAME);
  return spec.paused === true;
}

describe('a canary of a Deployment', () => {
  it('stops a rollout that goes on as soon as enough pods are ordered', async () => {
    await start();
    const revision = await push();
    const { steps } = await plan(revision, 'start', 30);

    const { outcome } = await drivePlan(
      harness.target,
      harness.environment,
      steps,
      { stepLimitMs: 60_000 },
    );

    expect(outcome).toBe('done');
    expect(await isPaused()).toBe(true);
    expect(await look()).toMatchObject({
      revision,
      stable: harness.revisions.current,
      percent: 33,
      paused: true,
      health: { state: 'healthy', ready: 1, wanted: 1 },
    });
  });

  it('tells why its pods do not come up, and leaves the rollout as it found it', async () => {
    await start();
    const revision = await push();
    harness.simulator.cluster.holdsBack = () => false;
    harness.simulator.setFate(image, 'never-pull');

    const { outcome, error } = await move(revision, 'start');

    expect(error).toMatchObject({
      kind: 'unhealthy',
      message: expect.stringContaining('ImagePullBackOff in api-'),
    });
    expect(outcome).toBe('as-before');
    expect(await isPaused()).toBe(false);
    expect(await look()).toMatchObject({
      percent: 0,
      stable: harness.revisions.current,
      health: { state: 'unhealthy' },
    });
  });

  it('is paused again when the rest of its pods does not come up', async () => {
    await start({ replicas: 4 });
    const { revision } = await harness.canary.begin();
    harness.simulator.cluster.holdsBack = () => false;
    harness.simulator.setQuota(NAMESPACE, 0);

    const { outcome, error } = await move(revision, 'finish');

    expect(error).toMatchObject({ kind: 'unhealthy' });
    expect(outcome).toBe('as-before');
    expect(await isPaused()).toBe(true);
    expect((await look())?.percent).toBeLessThan(100);
  });

  it('ends where a pipeline puts something else in', async () => {
    await start();
    const { revision } = await harness.canary.begin();
    const { steps } = await plan(revision, 'start');
    await harness.pipeline.patch('deployments', NAME, {
      spec: { paused: false },
    });
    const pushed = await harness.push!();

    const { outcome, error } = await drivePlan(
      harness.target,
      harness.environment,
      steps,
    );

    expect(error).toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining(pushed),
    });
    expect(outcome).toBe('as-before');
    expect(await harness.changes()).toBe(0);
  });

  it.each([
    [undefined, 'start', /pause the rollout right after it began/],
    [{ strategy: { type: 'Recreate' } }, 'finish', /strategy.type/],
  ] as const)(
    'is refused with %j, and what to do',
    async (spec, which, remedy) => {
      await start(spec);

      await expect(
        plan(harness.revisions.current, which),
      ).rejects.toMatchObject({
        kind: 'invalid',
        remedy: expect.stringMatching(remedy),
      });
    },
  );

  it('has the newest log entries of all of its pods, in order and without secrets', async () => {
    await start();
    const { revision } = await harness.canary.begin();
    await move(revision, 'start');
    const { cluster } = harness.simulator;
    const pods = cluster.store
      .list('Pod', NAMESPACE)
      .filter(pod => pod.spec.containers[0].image === image);
    pods.forEach((pod, index) =>
      cluster.logs.set(
        pod.metadata.name,
        [0, 1].map(turn => ({
          at: `2026-11-21T10:00:0${turn}.${index}00000000Z`,
          text: `error ${turn} of ${index}: password=hunter2`,
        })),
      ),
    );

    const seen = await look(pods.length + 1);

    const last = pods.length - 1;
    expect(seen?.log).toEqual([
      `error 0 of ${last}: password=***`,
      ...pods.map((_, index) => `error 1 of ${index}: password=***`),
    ]);
  });

  it('has no log where that may not be read, and says so', async () => {
    await start();
    const { revision } = await harness.canary.begin();
    harness.simulator.denyLogs('portal');

    const seen = await look();

    expect(seen).toMatchObject({ revision, percent: 33 });
    expect(seen).not.toHaveProperty('log');
    expect(seen?.problems).toEqual([
      expect.stringContaining('does not allow to get the log'),
    ]);
  });
});

it('was all understood by the API server’s own description', async () => {
  await validator.save('kubernetes-canary');

  expect(validator.violations).toEqual([]);
  expect(validator.unvalidated).toEqual([]);
  expect(Object.keys(validator.counts)).not.toEqual([]);
});
