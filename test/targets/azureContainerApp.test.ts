import { ConfigReader } from '@backstage/config';
import {
  createContainerAppTarget,
  readAzureConnections,
} from '@vvp/backstage-plugin-deploy-backend-module-azure';
import {
  drivePlan,
  DriveOptions,
} from '@vvp/backstage-plugin-deploy-node/testUtils';
import {
  containerAppCalls,
  ContainerAppHarness,
  HarnessOptions,
  SHA,
  startContainerApps,
  updateImage,
} from './azureContainerAppHarness';

jest.setTimeout(240_000);

const ISSUER = '/Microsoft.App/containerApps/vvp-issuer';

let harness: ContainerAppHarness;

afterEach(() => harness.stop());

afterAll(() => containerAppCalls.write('azure-container-app'));

async function start(options: HarnessOptions): Promise<void> {
  harness = await startContainerApps(options);
}

function signal(): AbortSignal {
  return AbortSignal.timeout(20_000);
}

function plan(revision: string, environment = harness.environment) {
  return harness.target.planRollback(environment, revision, signal());
}

async function rollBack(
  revision: string,
  options: DriveOptions = {},
  environment = harness.environment,
) {
  const { steps } = await plan(revision, environment);
  return drivePlan(harness.target, environment, steps, options);
}

/** By plain https. */
async function readIssuer() {
  return (await harness.rest.get(ISSUER)).body.properties;
}

/** By plain https: names of the revisions that are active. */
async function activeRevisions(): Promise<string[]> {
  const { body } = await harness.rest.get(`${ISSUER}/revisions`);
  return body.value
    .filter((revision: any) => revision.properties.active)
    .map((revision: any) => revision.name);
}

type Request = ReturnType<ContainerAppHarness['azure']['requests']>[number];

/** As soon as such a request was made. */
async function once(isIt: (request: Request) => boolean): Promise<void> {
  while (!harness.azure.requests().some(isIt)) {
    await new Promise(resolve => setTimeout(resolve, 2));
  }
}

describe('an app in multiple-revision mode', () => {
  it('activates the revision, shifts the traffic and takes the bad one down', async () => {
    await start({ mode: 'Multiple' });

    const result = await rollBack('vvp-issuer--r2');

    expect(result.outcome).toBe('done');
    expect(await activeRevisions()).toEqual(['vvp-issuer--r2']);
    expect((await readIssuer()).configuration.ingress.traffic).toEqual([
      { revisionName: 'vvp-issuer--r2', weight: 100 },
    ]);
  });

  it('changes nothing of the app but the traffic', async () => {
    await start({ mode: 'Multiple' });
    const before = await readIssuer();

    await rollBack('vvp-issuer--r2');

    const after = await readIssuer();
    expect(before.configuration.ingress.external).toBe(true);
    expect({
      ...after.configuration,
      ingress: { ...after.configuration.ingress, traffic: [] },
    }).toEqual({
      ...before.configuration,
      ingress: { ...before.configuration.ingress, traffic: [] },
    });
    expect(after.template).toEqual(before.template);
  });

  it('leaves labels with their revisions, and those running', async () => {
    await start({
      mode: 'Multiple',
      app: {
        traffic: [
          { revisionName: 'vvp-issuer--r3', weight: 100, label: 'green' },
          { revisionName: 'vvp-issuer--r1', weight: 0, label: 'blue' },
        ],
      },
    });

    const result = await rollBack('vvp-issuer--r1');

    expect(result.outcome).toBe('done');
    expect((await readIssuer()).configuration.ingress.traffic).toEqual([
      {
        revisionName: 'vvp-issuer--r1',
        weight: 100,
        label: 'blue',
      },
      {
        revisionName: 'vvp-issuer--r3',
        weight: 0,
        label: 'green',
      },
    ]);
    expect(await activeRevisions()).toEqual([
      'vvp-issuer--r1',
      'vvp-issuer--r3',
    ]);
  });

  it.each([
    [
      'a split',
      [
        { revisionName: 'vvp-issuer--r3', weight: 90 },
        { revisionName: 'vvp-issuer--r2', weight: 10 },
      ],
    ],
    ['the latest revision', [{ latestRevision: true, weight: 100 }]],
  ])('gives the traffic back to %s after a failure', async (_, traffic) => {
    await start({ mode: 'Multiple', app: { traffic } });
    const before = (await readIssuer()).configuration.ingress.traffic;
    const active = await activeRevisions();

    const result = await rollBack('vvp-issuer--r1', { failAfter: 3 });

    expect(result).toMatchObject({ outcome: 'as-before' });
    const after = (await readIssuer()).configuration.ingress.traffic;
    expect(after).toEqual(before);
    expect(await activeRevisions()).toEqual(active);
  });

  it('never gives traffic to a revision that does not become healthy', async () => {
    await start({ mode: 'Multiple' });
    await harness.faults.neverHealthy('vvp-issuer--r2');

    const result = await rollBack('vvp-issuer--r2');

    expect(result).toMatchObject({
      outcome: 'as-before',
      error: { kind: 'unhealthy' },
    });
    expect(result.error?.message).toContain(
      'vvp-issuer: CrashLoopBackOff, 7 restarts',
    );
    expect(
      harness.azure.requests().filter(({ method }) => method === 'PATCH'),
    ).toEqual([]);
    expect(await harness.serving()).toBe('vvp-issuer--r3');
    expect(await activeRevisions()).toEqual(['vvp-issuer--r3']);
  });

  it('reports at once what Azure could not provision', async () => {
    await start({ mode: 'Multiple', readySeconds: 60 });
    harness.store.defects.set('vvp-issuer--r2', 'provisioning');

    const result = await rollBack('vvp-issuer--r2');

    expect(result.outcome).toBe('as-before');
    expect(result.error?.message).toContain('ErrImagePull');
    expect(await harness.serving()).toBe('vvp-issuer--r3');
  });

  it('keeps the traffic when a pipeline pushes meanwhile', async () => {
    await start({
      mode: 'Multiple',
      readyMs: 100,
      readySeconds: 5,
      app: { traffic: [{ latestRevision: true, weight: 100 }] },
    });

    const [result, pushed] = await Promise.all([
      rollBack('vvp-issuer--r2'),
      once(({ path }) => path.endsWith('/activate')).then(() =>
        updateImage(harness.rest, 'vvp-issuer'),
      ),
    ]);

    expect(result.outcome).toBe('done');
    expect(pushed).not.toBe('vvp-issuer--r2');
    expect(await harness.serving()).toBe('vvp-issuer--r2');
  });

  it('waits its turn while Azure works on another update', async () => {
    await start({ mode: 'Multiple' });
    const { timings } = harness.store;
    const { steps } = await plan('vvp-issuer--r2');
    timings.updateMs = Infinity;
    await updateImage(harness.rest, 'vvp-issuer');
    timings.updateMs = 15;

    const [result] = await Promise.all([
      drivePlan(harness.target, harness.environment, steps),
      once(({ status }) => status === 409).then(() => {
        harness.store.find('VVP', 'vvp-issuer')!.update!.endsAt = 0;
      }),
    ]);

    expect(result.outcome).toBe('done');
    expect(result.kinds).toContain('busy');
    expect(await harness.serving()).toBe('vvp-issuer--r2');
  });

  it('says what differs by name, and tells no value', async () => {
    await start({ mode: 'Multiple' });

    const answer = await plan('vvp-issuer--r2');

    expect(answer.configuration).toEqual([
      { name: 'env VVP_DB_HOST', change: 'changed' },
    ]);
    expect(JSON.stringify(answer)).not.toContain('database-');
  });

  it('says that the traffic no longer follows the latest revision', async () => {
    await start({
      mode: 'Multiple',
      app: { traffic: [{ latestRevision: true, weight: 100 }] },
    });

    const { notRestored } = await plan('vvp-issuer--r2');

    expect(notRestored).toContainEqual(
      expect.stringContaining('no longer follows the latest revision'),
    );
  });
});

describe('an app in single-revision mode', () => {
  it('makes a revision of what the old one ran, and keeps the scale', async () => {
    await start({ mode: 'Single' });
    harness.store.find('VVP', 'vvp-issuer')!.template.scale!.maxReplicas = 9;

    const result = await rollBack('vvp-issuer--r2');

    expect(result.outcome).toBe('done');
    const { template, latestReadyRevisionName } = await readIssuer();
    expect(template.containers[0].image).toBe(
      `registry.example.test/vvp-issuer:${SHA.previous}`,
    );
    expect(template.scale.maxReplicas).toBe(9);
    expect(await activeRevisions()).toEqual([latestReadyRevisionName]);
  });

  it('overtakes a pipeline that pushes meanwhile', async () => {
    await start({ mode: 'Single', readySeconds: 60 });
    const { steps } = await plan('vvp-issuer--r2');
    // The push comes before ours is ready, however slow this machine is.
    harness.store.timings.readyMs = Infinity;

    const [result, pushed] = await Promise.all([
      drivePlan(harness.target, harness.environment, steps, {
        stepLimitMs: 60_000,
      }),
      once(({ method }) => method === 'PATCH').then(async () => {
        const revision = await updateImage(harness.rest, 'vvp-issuer');
        harness.store.timings.readyMs = 15;
        return revision;
      }),
    ]);

    expect(result.outcome).toBe('done');
    expect(await activeRevisions()).not.toContain(pushed);
    expect(await harness.serving()).toBe('vvp-issuer--r2');
  });

  it('gets back to what ran if the image is gone', async () => {
    await start({ mode: 'Single' });
    const before = await readIssuer();
    harness.store.missingImages.add(
      `registry.example.test/vvp-issuer:${SHA.previous}`,
    );

    const result = await rollBack('vvp-issuer--r2');

    expect(result).toMatchObject({
      outcome: 'as-before',
      error: { kind: 'unhealthy' },
    });
    expect(result.error?.message).toContain('MANIFEST_UNKNOWN');
    const after = await readIssuer();
    expect(after.provisioningState).toBe('Succeeded');
    expect(after.template.containers).toEqual(before.template.containers);
    expect(await harness.serving()).toBe('vvp-issuer--r3');
  });

  it('leaves the configuration of the app alone', async () => {
    await start({ mode: 'Single' });
    const before = await readIssuer();

    await rollBack('vvp-issuer--r1');

    expect((await readIssuer()).configuration).toEqual(before.configuration);
  });
});

describe.each(['Multiple', 'Single'] as const)('in %s mode', mode => {
  it('cannot put back a revision whose secret is gone', async () => {
    await start({ mode, app: { secrets: [] } });

    const { to } = await plan('vvp-issuer--r2');

    expect(to?.unavailable).toContain('postgres-password');
  });

  it('restarts what serves', async () => {
    await start({ mode });
    const { steps } = await harness.target.planRestart!(
      harness.environment,
      signal(),
    );

    const result = await drivePlan(harness.target, harness.environment, steps);

    expect(result.outcome).toBe('done');
    const restarts = harness.azure
      .requests()
      .filter(({ path }) => path.endsWith('/revisions/vvp-issuer--r3/restart'));
    expect(restarts).toHaveLength(1);
    expect(await harness.serving()).toBe('vvp-issuer--r3');
  });

  it('needs no permission to read the operations of the subscription', async () => {
    await start({ mode });
    harness.azure.faults.denyOperations = true;

    const result = await rollBack('vvp-issuer--r2');

    expect(result).toMatchObject({ outcome: 'done', kinds: [] });
    expect(await harness.serving()).toBe('vvp-issuer--r2');
  });

  it('drives two apps at the same time', async () => {
    await start({ mode, readyMs: 100, readySeconds: 5 });

    const results = await Promise.all([
      rollBack('vvp-issuer--r2'),
      rollBack('vvp-verifier--r2', {}, harness.other),
    ]);

    expect(results.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
    expect(await harness.servingOf('vvp-issuer')).toBe('vvp-issuer--r2');
    expect(await harness.servingOf('vvp-verifier')).toBe('vvp-verifier--r2');
    const [issuer, verifier] = ['vvp-issuer', 'vvp-verifier'].map(app =>
      harness.azure.requests().filter(({ path }) => path.includes(`/${app}`)),
    );
    const first = (requests: typeof issuer) => requests[0].startedAt;
    const last = (requests: typeof issuer) =>
      requests[requests.length - 1].startedAt;
    expect(first(issuer)).toBeLessThan(last(verifier));
    expect(first(verifier)).toBeLessThan(last(issuer));
  });

  it('refuses to change without the role, and says so', async () => {
    await start({ mode });
    const { steps } = await plan('vvp-issuer--r2');
    await harness.faults.denyChanges();

    const result = await drivePlan(harness.target, harness.environment, steps);

    expect(result.outcome).toBe('as-before');
    expect(result.error).toMatchObject({
      kind: 'denied',
      message: expect.stringContaining('AuthorizationFailed'),
      remedy: expect.stringContaining('docs/azure'),
    });
    expect(await harness.changes()).toBe(0);
    expect(await harness.serving()).toBe('vvp-issuer--r3');
  });
});

describe('a canary of an app', () => {
  const canary = 'vvp-issuer--g';

  function look() {
    return harness.target.canary!.look(
      harness.environment,
      { commit: SHA.canary, logEntries: 100 },
      signal(),
    );
  }

  function planStart(revision: string, percent = 10) {
    return harness.target.canary!.planMove(
      harness.environment,
      { revision, move: 'start', percent },
      signal(),
    );
  }

  async function startCanary(revision: string, options: DriveOptions = {}) {
    const { steps } = await planStart(revision);
    return drivePlan(harness.target, harness.environment, steps, options);
  }

  it('gets exactly its share, by name and beside the labels', async () => {
    await start({
      mode: 'Multiple',
      app: {
        traffic: [
          { revisionName: 'vvp-issuer--r3', weight: 100, label: 'green' },
          { revisionName: 'vvp-issuer--r1', weight: 0, label: 'blue' },
        ],
      },
    });
    const { revision } = await harness.canary.begin();

    const result = await startCanary(revision);

    expect(result.outcome).toBe('done');
    expect(revision).toContain(canary);
    expect((await readIssuer()).configuration.ingress.traffic).toEqual([
      { revisionName: revision, weight: 10 },
      { revisionName: 'vvp-issuer--r3', weight: 90, label: 'green' },
      { revisionName: 'vvp-issuer--r1', weight: 0, label: 'blue' },
    ]);
    expect(await look()).toMatchObject({
      revision,
      stable: 'vvp-issuer--r3',
      percent: 10,
      health: { state: 'healthy' },
    });
  });

  it('leaves the traffic as it was when something else fails', async () => {
    await start({ mode: 'Multiple' });
    const before = (await readIssuer()).configuration.ingress.traffic;
    const { revision } = await harness.canary.begin();

    const result = await startCanary(revision, { failAfter: 2 });

    expect(result.outcome).toBe('as-before');
    expect((await readIssuer()).configuration.ingress.traffic).toEqual(before);
  });

  it('gets no traffic as long as it is not healthy, and the reason is told', async () => {
    await start({ mode: 'Multiple' });
    const { revision } = await harness.canary.begin();
    await harness.faults.neverHealthy(revision);

    const result = await startCanary(revision);

    expect(result).toMatchObject({
      outcome: 'as-before',
      error: {
        kind: 'unhealthy',
        message: expect.stringContaining('CrashLoopBackOff'),
      },
    });
    expect(await harness.serving()).toBe('vvp-issuer--r3');
    expect(await look()).toMatchObject({
      percent: 0,
      stable: 'vvp-issuer--r3',
    });
  });

  it('does not get everything where the traffic follows the latest revision', async () => {
    await start({
      mode: 'Multiple',
      readySeconds: 10,
      app: { traffic: [{ latestRevision: true, weight: 100 }] },
    });
    // As Azure has it before the new one is ready, however slow this machine is.
    harness.store.timings.readyMs = Infinity;
    const { revision } = await harness.canary.begin();
    const seen = await look();
    const { steps } = await planStart(revision);

    const result = await drivePlan(harness.target, harness.environment, steps, {
      afterStep: async name => {
        if (name === 'pin-traffic') {
          harness.store.timings.readyMs = 1;
        }
      },
    });

    expect(seen).toMatchObject({ percent: 0, stable: 'vvp-issuer--r3' });
    expect(seen!.problems.join()).toContain('follows the latest revision');
    expect(result.outcome).toBe('done');
    expect((await readIssuer()).configuration.ingress.traffic).toEqual([
      { revisionName: revision, weight: 10 },
      { revisionName: 'vvp-issuer--r3', weight: 90 },
    ]);
  });

  it('does not begin any more once something else serves', async () => {
    await start({ mode: 'Multiple' });
    const { revision } = await harness.canary.begin();
    const { steps } = await planStart(revision);
    const pushed = await harness.push();

    const result = await drivePlan(harness.target, harness.environment, steps);

    expect(result).toMatchObject({
      outcome: 'as-before',
      error: { kind: 'invalid', message: expect.stringContaining(pushed) },
    });
    expect(await harness.serving()).toBe(pushed);
  });

  it('is refused where nothing else has traffic', async () => {
    await start({ mode: 'Multiple' });

    await expect(planStart('vvp-issuer--r3')).rejects.toMatchObject({
      kind: 'invalid',
      remedy: expect.stringContaining('without traffic'),
    });
  });

  it('is refused in single-revision mode, with the remedy', async () => {
    await start({ mode: 'Single' });
    const { revision } = await harness.canary.begin();

    await expect(planStart(revision)).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('set-mode --mode multiple'),
    });
    expect((await look())?.problems.join()).toContain('single-revision mode');
  });

  it('is refused without ingress', async () => {
    await start({ mode: 'Multiple' });
    const { revision } = await harness.canary.begin();
    harness.store.find('VVP', 'vvp-issuer')!.configuration.ingress = undefined;

    await expect(planStart(revision)).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('no ingress'),
    });
  });
});

describe('an app without ingress', () => {
  it('is rolled back by activating one revision and taking the other down', async () => {
    await start({ mode: 'Multiple' });
    const app = harness.store.find('VVP', 'vvp-issuer')!;
    app.configuration.ingress = undefined;

    const result = await rollBack('vvp-issuer--r2');

    expect(result.outcome).toBe('done');
    expect(await activeRevisions()).toEqual(['vvp-issuer--r2']);
    expect(
      await harness.target.verify(
        harness.environment,
        'vvp-issuer--r2',
        signal(),
      ),
    ).toMatchObject({ inPlace: true, serving: 'vvp-issuer--r2' });
  });
});

describe('what is told of an app', () => {
  it('knows the commits, newest first', async () => {
    await start({ mode: 'Multiple' });

    const revisions = await harness.target.revisions(
      harness.environment,
      signal(),
    );

    expect(revisions).toMatchObject([
      {
        id: 'vvp-issuer--r3',
        current: true,
        commit: SHA.current,
        trafficPercent: 100,
        health: 'healthy',
      },
      { id: 'vvp-issuer--r2', current: false, commit: SHA.previous },
      { id: 'vvp-issuer--r1', current: false, commit: SHA.older },
    ]);
  });

  it('diagnoses a revision that does not come up', async () => {
    await start({ mode: 'Multiple' });
    harness.store.defects.set('vvp-issuer--r3', 'image-pull');

    const told = await harness.target.diagnostics(
      harness.environment,
      signal(),
    );

    expect(told.health.state).toBe('unhealthy');
    expect(told.events).toContainEqual({
      level: 'warn',
      message: 'vvp-issuer--r3: vvp-issuer: ImagePullBackOff, 7 restarts',
    });
    expect(told.problems).toEqual([
      expect.stringContaining('az containerapp logs show'),
    ]);
  });

  it('splits the traffic as the app does', async () => {
    await start({
      mode: 'Multiple',
      app: {
        traffic: [
          { revisionName: 'vvp-issuer--r1', weight: 20 },
          { latestRevision: true, weight: 80 },
        ],
      },
    });

    const traffic = await harness.target.traffic!(
      harness.environment,
      signal(),
    );

    expect(traffic).toEqual([
      { revision: 'vvp-issuer--r3', percent: 80 },
      { revision: 'vvp-issuer--r1', percent: 20 },
    ]);
  });

  it('says when the app is not there', async () => {
    await start({ mode: 'Multiple' });
    const environment = {
      ...harness.environment,
      target: { ...harness.environment.target, name: 'vvp-none' },
    };

    await expect(
      harness.target.revisions(environment, signal()),
    ).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringContaining('ResourceNotFound'),
    });
  });
});

describe('the way in', () => {
  function targetWith(connection: object) {
    return createContainerAppTarget(
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
  }

  it('waits for credentials when the secret is wrong, and does not tell it', async () => {
    await start({ mode: 'Multiple' });
    const target = targetWith({ clientSecret: 'wrong-secret' });

    const reading = target.revisions(harness.environment, signal());

    await expect(reading).rejects.toMatchObject({
      kind: 'credentials',
      message: expect.stringContaining('AADSTS7000215'),
    });
    await expect(reading).rejects.not.toMatchObject({
      message: expect.stringContaining('wrong-secret'),
    });
  });

  it('trusts no authority that is not configured', async () => {
    await start({ mode: 'Multiple' });
    const target = targetWith({ caFile: undefined });

    await expect(
      target.revisions(harness.environment, signal()),
    ).rejects.toMatchObject({
      message: expect.stringContaining('its certificate is not trusted'),
    });
  });

  it('reaches only the resource groups of the connection', async () => {
    await start({ mode: 'Multiple' });
    const target = targetWith({ resourceGroups: ['other'] });

    expect(() => target.describe(harness.environment)).toThrow(
      'target.resourceGroup: the connection "simulated" may not reach VVP',
    );
    await expect(
      target.revisions(harness.environment, signal()),
    ).rejects.toMatchObject({ kind: 'credentials' });
  });

  it('waits for the connection that the portal was restarted without', async () => {
    await start({ mode: 'Multiple' });
    const { steps } = await plan('vvp-issuer--r2');

    const result = await drivePlan(
      createContainerAppTarget([]),
      harness.environment,
      steps,
    );

    expect(result.kinds).toContain('credentials');
    expect(await harness.changes()).toBe(0);
  });
});
