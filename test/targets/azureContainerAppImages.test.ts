import { ConfigReader } from '@backstage/config';
import { JsonObject } from '@backstage/types';
import {
  createContainerAppTarget,
  readAzureConnections,
} from '@vvp/backstage-plugin-deploy-backend-module-azure';
import { drivePlan } from '@vvp/backstage-plugin-deploy-node/testUtils';
import {
  containerAppCalls,
  ContainerAppHarness,
  SHA,
  startContainerApps,
} from './azureContainerAppHarness';

jest.setTimeout(240_000);

const REGISTRY = 'registry.example.test';
const PREVIOUS = `${REGISTRY}/vvp-issuer:${SHA.previous}`;

let harness: ContainerAppHarness;

beforeEach(async () => {
  harness = await startContainerApps({ mode: 'Single' });
});

afterEach(() => harness.stop());

afterAll(() => containerAppCalls.write('azure-container-app-images'));

function registry() {
  return harness.azure.registry!;
}

/** What the plan to go back to a revision says of its image. */
async function artifactOf(
  revision: string = harness.revisions.previous,
  connection: JsonObject = {},
) {
  const target = createContainerAppTarget(
    readAzureConnections(
      new ConfigReader({
        deploy: {
          targets: {
            azure: {
              connections: [
                { ...harness.azure.connectionConfig(), ...connection },
              ],
            },
          },
        },
      }),
    ),
  );
  const plan = await target.planRollback(
    harness.environment,
    revision,
    AbortSignal.timeout(20_000),
  );
  return plan.artifact;
}

/** Gives the previous revision other images. */
function setImages(...images: string[]): void {
  const found = harness.store
    .find('VVP', 'vvp-issuer')
    ?.revisions.find(({ name }) => name === harness.revisions.previous);
  const [container] = found!.template.containers;
  found!.template.containers = images.map((image, index) => ({
    ...container,
    name: index === 0 ? container.name : `sidecar-${index}`,
    image,
  }));
}

describe('the image of a revision', () => {
  it.each(['Single', 'Multiple'] as const)(
    'is present as long as its registry has it (%s)',
    async mode => {
      await harness.stop();
      harness = await startContainerApps({ mode });

      expect(await artifactOf()).toEqual({
        state: 'present',
        message: `${REGISTRY} has it.`,
      });
    },
  );

  it('is asked for by its digest where it has one', async () => {
    const digest = registry().store.push('vvp-issuer:moved');
    registry().store.untag('vvp-issuer', 'moved');
    setImages(`${REGISTRY}/vvp-issuer:moved@${digest}`);

    expect(await artifactOf()).toMatchObject({ state: 'present' });
    registry().store.delete('vvp-issuer', digest);
    expect(await artifactOf()).toMatchObject({ state: 'missing' });
  });

  it.each([
    ['its manifest is deleted', `vvp-issuer:${SHA.previous}`],
    ['its repository is gone', 'vvp-other:1'],
  ])('is missing when %s', async (_, image) => {
    registry().store.delete('vvp-issuer', SHA.previous);
    setImages(`${REGISTRY}/${image}`);

    expect(await artifactOf()).toEqual({
      state: 'missing',
      message: `The image ${REGISTRY}/${image} is no longer in its registry. Choose another revision, or push the image again.`,
    });
  });

  it('is missing when that of a sidecar is', async () => {
    setImages(PREVIOUS, `${REGISTRY}/proxy:1`);

    expect(await artifactOf()).toMatchObject({
      state: 'missing',
      message: expect.stringContaining(`${REGISTRY}/proxy:1`),
    });
  });

  it('is present where it runs, without a question', async () => {
    registry().store.delete('vvp-issuer', SHA.current);

    expect(await artifactOf(harness.revisions.current)).toMatchObject({
      state: 'present',
      message: 'It runs right now.',
    });
    expect(registry().requests).toEqual([]);
  });

  it.each(['exchange', 'token', 'access', 'firewall'] as const)(
    'is unknown without the role, which is named (%s)',
    async denied => {
      registry().faults.denied = denied;

      expect(await artifactOf()).toEqual({
        state: 'unknown',
        message: expect.stringMatching(/"simulated".*AcrPull.*firewall/),
      });
    },
  );

  it('is asked for again when the registry throttles or cuts the connection', async () => {
    registry().faults.throttle = 1;
    registry().faults.cut = 1;

    expect(await artifactOf()).toMatchObject({ state: 'present' });
  });

  it.each([
    ['throttles', { throttle: 1_000 }, 'throttles requests'],
    ['cuts every connection', { cut: 1_000 }, 'did not answer as a registry'],
    ['fails', { proxyStatus: 502 }, 'answered with status 502'],
    // Not by the registry itself, so nothing follows from it.
    ['is not there', { proxyStatus: 404 }, 'answered with status 404'],
    [
      'answers with a page',
      { proxyStatus: 200 },
      'did not answer as a registry',
    ],
    ['leads elsewhere', { proxyStatus: 307 }, 'not known'],
  ])('is unknown when the registry %s', async (_, faults, message) => {
    Object.assign(registry().faults, faults);

    expect(await artifactOf()).toEqual({
      state: 'unknown',
      message: expect.stringContaining(message),
    });
    expect(registry().requests.map(({ path }) => path)).not.toContain(
      '/elsewhere',
    );
  });

  it('is unknown when the registry does not answer in time, and the plan is made all the same', async () => {
    registry().faults.latencyMs = 60_000;

    expect(await artifactOf()).toEqual({
      state: 'unknown',
      message: expect.stringContaining('did not answer within 5 seconds'),
    });
  });

  it.each([
    ['an address where nobody listens', 'https://127.0.0.1:1'],
    ['an address that is not there', 'https://registry.invalid'],
  ])('is unknown with %s', async (_, address) => {
    expect(
      await artifactOf(undefined, {
        registryEndpoints: { [REGISTRY]: address },
      }),
    ).toMatchObject({
      state: 'unknown',
      message: expect.stringContaining('not known'),
    });
  });

  it.each([
    ['evil.example.test/vvp-issuer:1', 'evil.example.test is not asked'],
    ['vvp.azurecr.io.evil.example.test/a:1', 'is not asked'],
    [`${REGISTRY}:8443/vvp-issuer:1`, 'is not asked'],
    ['vvp-issuer:1', 'does not name the registry'],
    [`${REGISTRY}/../acr/v1/_catalog`, 'does not name the registry'],
    [`${REGISTRY}/vvp-issuer:1?x=1`, 'does not name the registry'],
    [`user:secret@${REGISTRY}/vvp-issuer:1`, 'does not name the registry'],
    [`${REGISTRY}/${'a'.repeat(10_000)}:1`, 'does not name the registry'],
  ])('is unknown for %s, and nobody is asked', async (image, message) => {
    setImages(image);

    const artifact = await artifactOf();

    expect(artifact).toEqual({
      state: 'unknown',
      message: expect.stringContaining(message),
    });
    expect(artifact.message!.length).toBeLessThan(1_000);
    expect(artifact.message).not.toContain('secret');
    expect(registry().requests).toEqual([]);
  });

  it('is unknown where a connection asks no registries', async () => {
    expect(
      await artifactOf(undefined, { registries: [], registryEndpoints: {} }),
    ).toEqual({
      state: 'unknown',
      message: expect.stringContaining(
        'not in registries of the connection "simulated"',
      ),
    });
    expect(registry().requests).toEqual([]);
  });

  it('tells no token and no secret', async () => {
    registry().faults.denied = 'token';

    const text = JSON.stringify(await artifactOf());

    expect(text).not.toContain(harness.azure.client.clientSecret);
    expect(text).not.toContain('eyJ');
  });

  it('changes nothing, and does not stand in the way of the rollback', async () => {
    registry().faults.denied = 'access';
    const { steps, artifact } = await harness.target.planRollback(
      harness.environment,
      harness.revisions.previous,
      AbortSignal.timeout(20_000),
    );
    expect(await harness.changes()).toBe(0);

    const result = await drivePlan(harness.target, harness.environment, steps);

    expect(artifact.state).toBe('unknown');
    expect(result.outcome).toBe('done');
    expect(await harness.serving()).toBe(harness.revisions.previous);
  });
});
