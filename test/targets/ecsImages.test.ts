import { drivePlan } from '@vvp/backstage-plugin-deploy-node/testUtils';
import { Ledger } from '../simulators/aws';
import { expectAwsValidated } from '../simulators/aws/testing';
import {
  commitOf,
  ecrRegistry,
  EcsHarness,
  EcsHarnessOptions,
  place,
  portalKey,
  service,
  startEcsHarness,
  taskDefinition,
} from './ecsHarness';

jest.setTimeout(240_000);

const ledger = new Ledger();
const signal = new AbortController().signal;
const previousImage = `${ecrRegistry}/${service}:${commitOf(2)}`;

let harness: EcsHarness;

async function start(options: Omit<EcsHarnessOptions, 'ledger'> = {}) {
  harness = await startEcsHarness({
    ledger,
    registry: ecrRegistry,
    ...options,
  });
}

beforeEach(() => start());
afterEach(() => harness.stop());
afterAll(() => expectAwsValidated(ledger, 'ecs-images'));

async function artifactOf(revision: string = harness.revisions.previous) {
  const plan = await harness.target.planRollback(
    harness.environment,
    revision,
    signal,
  );
  return plan.artifact;
}

/** A revision of the service with these images; says its name. */
function register(...images: string[]): string {
  const request = taskDefinition(service, 4);
  const [container] = request.containerDefinitions!;
  return harness.aws.register(place, {
    ...request,
    containerDefinitions: images.map((image, index) => ({
      ...container,
      name: index === 0 ? service : `sidecar-${index}`,
      image,
    })),
  });
}

function asked() {
  return harness.aws.log.filter(each => each.service === 'ecr');
}

describe('the image of a task definition', () => {
  it('is present as long as ECR has it', async () => {
    expect(await artifactOf()).toEqual({
      state: 'present',
      message: 'ECR has it.',
    });
  });

  it('is asked for by its digest where it has one', async () => {
    const { images } = harness.aws.world;
    const digest = images.push(place, service, 'other', new Date());
    const revision = register(`${ecrRegistry}/${service}:gone@${digest}`);

    expect(await artifactOf(revision)).toMatchObject({ state: 'present' });
    images.expire(place, service, digest);
    expect(await artifactOf(revision)).toMatchObject({ state: 'missing' });
  });

  it('is missing when it has expired', async () => {
    harness.aws.world.images.expire(place, service, commitOf(2));

    expect(await artifactOf()).toEqual({
      state: 'missing',
      message: `The image ${previousImage} is no longer in its registry. Choose another revision, or push the image again.`,
    });
  });

  it('is missing when its repository, or that of a sidecar, is gone', async () => {
    const revision = register(previousImage, `${ecrRegistry}/proxy/envoy:1`);

    expect(await artifactOf(revision)).toMatchObject({
      state: 'missing',
      message: expect.stringContaining('proxy/envoy:1'),
    });
  });

  it('is missing when it is archived', async () => {
    const { images } = harness.aws.world;
    images.find(place, service, commitOf(2))!.status = 'ARCHIVED';

    expect(await artifactOf()).toMatchObject({
      state: 'missing',
      message: expect.stringContaining('Restore it in ECR'),
    });
  });

  it('is present where it serves, without a question', async () => {
    expect(await artifactOf(harness.revisions.current)).toEqual({
      state: 'present',
      message: 'It runs right now.',
    });
    expect(asked()).toEqual([]);
  });

  it('is asked for in the region that it is in', async () => {
    const elsewhere = { ...place, region: 'us-west-2' };
    harness.aws.world.images.push(elsewhere, 'api', '1', new Date());
    const revision = register(
      `${place.account}.dkr.ecr.us-west-2.amazonaws.com/api:1`,
    );

    expect(await artifactOf(revision)).toMatchObject({ state: 'present' });
  });

  it('is unknown without the right, which is named', async () => {
    harness.aws.faults.denied.add('DescribeImages');

    expect(await artifactOf()).toEqual({
      state: 'unknown',
      message: expect.stringMatching(
        /"sandbox-broker" do ecr:DescribeImages.*docs\/aws\/policy\.json/,
      ),
    });
  });

  it('is unknown in another account that does not let it be seen', async () => {
    const revision = register(
      `999988887777.dkr.ecr.${place.region}.amazonaws.com/api:1`,
    );

    expect(await artifactOf(revision)).toEqual({
      state: 'unknown',
      message: expect.stringContaining('policy of the repository'),
    });
  });

  it.each([
    ['throttles', { throttle: 2 }],
    ['fails', { broken: 2 }],
    ['cuts the connection', { cutImages: 2 }],
  ])('is asked for again when AWS %s', async (_, faults) => {
    Object.assign(harness.aws.faults, faults);

    expect(await artifactOf()).toMatchObject({ state: 'present' });
  });

  it('is unknown when every connection is cut', async () => {
    harness.aws.faults.cutImages = 1_000;

    expect(await artifactOf()).toEqual({
      state: 'unknown',
      message: expect.stringContaining('AWS did not answer ecr:DescribeImages'),
    });
  });

  it('is unknown where nobody listens', async () => {
    await harness.stop();
    await start({ connection: { ecrEndpoint: 'http://127.0.0.1:1' } });

    expect(await artifactOf()).toEqual({
      state: 'unknown',
      message: expect.stringContaining('is still there is not known'),
    });
  });

  it.each([
    ['registry.example.test/api:1', 'is no registry of ECR'],
    ['nginx:1', 'does not name the registry'],
    [`${ecrRegistry}.evil.example.test/api:1`, 'is no registry of ECR'],
    [`${ecrRegistry}/../x:1`, 'does not name the registry'],
    [`user:secret@${ecrRegistry}/api:1`, 'does not name the registry'],
    [`${ecrRegistry}/${'a'.repeat(10_000)}:1`, 'does not name the registry'],
  ])('is unknown for %s, and nobody is asked', async (image, message) => {
    const revision = register(image);

    const artifact = await artifactOf(revision);

    expect(artifact).toEqual({
      state: 'unknown',
      message: expect.stringContaining(message),
    });
    expect(artifact.message).not.toContain('secret');
    expect(asked()).toEqual([]);
  });

  it('changes nothing, and does not stand in the way of the rollback', async () => {
    const { target, environment, revisions } = harness;
    harness.aws.faults.denied.add('DescribeImages');
    const { steps, artifact } = await target.planRollback(
      environment,
      revisions.previous,
      signal,
    );
    expect(await harness.changes()).toBe(0);

    const result = await drivePlan(target, environment, steps);

    expect(artifact.state).toBe('unknown');
    expect(result.outcome).toBe('done');
    expect(await harness.serving()).toBe(revisions.previous);
    expect(asked().map(each => each.accessKeyId)).toEqual([
      portalKey.accessKeyId,
    ]);
  });
});
