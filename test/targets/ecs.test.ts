import { JsonObject } from '@backstage/types';
import { StepControl } from '@vvp/backstage-plugin-deploy-node';
import { drivePlan } from '@vvp/backstage-plugin-deploy-node/testUtils';
import { Ledger } from '../simulators/aws';
import { expectAwsValidated } from '../simulators/aws/testing';
import {
  EcsHarness,
  EcsHarnessOptions,
  describeService,
  place,
  portalKey,
  push,
  runningOf,
  service,
  startEcsHarness,
} from './ecsHarness';

jest.setTimeout(240_000);

const ledger = new Ledger();
const signal = new AbortController().signal;
let harness: EcsHarness;

async function start(options: Omit<EcsHarnessOptions, 'ledger'> = {}) {
  harness = await startEcsHarness({ ledger, ...options });
  return harness;
}

afterEach(() => harness.stop());
afterAll(() => expectAwsValidated(ledger, 'ecs'));

const strategies = [
  ['rolling', { strategy: 'ROLLING' }],
  [
    'rolling with circuit breaker',
    {
      strategy: 'ROLLING',
      circuitBreaker: { enable: true, rollback: true },
    },
  ],
  ['blue/green', { strategy: 'BLUE_GREEN' }],
  [
    'blue/green with circuit breaker',
    {
      strategy: 'BLUE_GREEN',
      circuitBreaker: { enable: true, rollback: true },
    },
  ],
] as const;

describe.each(strategies)('a service of ECS, %s', (_, options) => {
  beforeEach(() => start({ service: options }));

  it.each(['previous', 'older'] as const)(
    'goes back to the %s revision',
    async which => {
      const { target, environment, revisions, serving } = harness;
      const plan = await target.planRollback(
        environment,
        revisions[which],
        signal,
      );

      const result = await drivePlan(target, environment, plan.steps);

      expect(result).toMatchObject({ outcome: 'done', kinds: [] });
      expect(await serving()).toBe(revisions[which]);
      expect(
        await target.verify(environment, revisions[which], signal),
      ).toMatchObject({
        serving: revisions[which],
        inPlace: true,
        health: { state: 'healthy' },
      });
    },
  );

  it('is as before when the revision never becomes healthy', async () => {
    const { target, environment, revisions, serving, faults } = harness;
    const plan = await target.planRollback(
      environment,
      revisions.previous,
      signal,
    );
    await faults.neverHealthy(revisions.previous);

    const result = await drivePlan(target, environment, plan.steps);

    expect(result.outcome).toBe('as-before');
    expect(result.error).toMatchObject({
      kind: 'unhealthy',
      message: expect.stringContaining('Essential container in task exited'),
    });
    expect(await serving()).toBe(revisions.current);
    expect(await runningOf(harness.client)).toEqual([revisions.current]);
  });

  it('brings the revision in again that a pipeline replaced meanwhile', async () => {
    const { target, environment, revisions, serving } = harness;
    const plan = await target.planRollback(
      environment,
      revisions.previous,
      signal,
    );

    const result = await drivePlan(target, environment, plan.steps, {
      afterStep: async name => {
        if (name === 'update-service') {
          await push(harness.client);
        }
      },
    });

    expect(result.outcome).toBe('done');
    expect(await serving()).toBe(revisions.previous);
    expect(await runningOf(harness.client)).toEqual([revisions.previous]);
  });

  it('takes the place of a deployment that is under way', async () => {
    const { target, environment, revisions, serving } = harness;
    harness.aws.pause();
    await push(harness.client);
    const plan = await target.planRollback(
      environment,
      revisions.previous,
      signal,
    );
    harness.aws.resume();

    const result = await drivePlan(target, environment, plan.steps);

    expect(result.outcome).toBe('done');
    expect(await serving()).toBe(revisions.previous);
  });

  it('changes nothing where it is already', async () => {
    const { target, environment, revisions, changes } = harness;

    const plan = await target.planRollback(
      environment,
      revisions.current,
      signal,
    );

    expect(plan).toMatchObject({ alreadyThere: true, steps: [] });
    expect(await changes()).toBe(0);
  });

  it('asks once though the connection is cut after each request', async () => {
    const { target, environment, revisions, serving, faults } = harness;
    const plan = await target.planRollback(
      environment,
      revisions.previous,
      signal,
    );
    await faults.cutNextChange();

    const result = await drivePlan(target, environment, plan.steps);

    expect(result).toMatchObject({ outcome: 'done', kinds: ['transient'] });
    expect(await serving()).toBe(revisions.previous);
    expect(await harness.changes()).toBe(1);
  });

  it('starts new tasks once for a restart whose answer is lost', async () => {
    const { target, environment, revisions, faults } = harness;
    const before = await describeService(harness.client);
    const plan = await target.planRestart(environment, signal);
    await faults.cutNextChange();

    const result = await drivePlan(target, environment, plan.steps);

    const after = await describeService(harness.client);
    expect(result.outcome).toBe('done');
    expect(after.deployments).toEqual([
      expect.objectContaining({
        status: 'PRIMARY',
        taskDefinition: before.taskDefinition,
        rolloutState: 'COMPLETED',
      }),
    ]);
    expect(after.deployments![0].id).not.toBe(before.deployments![0].id);
    expect(await harness.changes()).toBe(1);
    expect(await runningOf(harness.client)).toEqual([revisions.current]);
  });

  it('takes a restart back whose tasks do not come up', async () => {
    const { target, environment, revisions, faults } = harness;
    const plan = await target.planRestart(environment, signal);
    await faults.neverHealthy(revisions.current);

    const result = await drivePlan(target, environment, plan.steps);

    expect(result).toMatchObject({
      outcome: 'as-before',
      error: { kind: 'unhealthy' },
    });
    expect(await describeService(harness.client)).toMatchObject({
      runningCount: 2,
      deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED' }],
    });
  });
});

describe('what AWS refuses', () => {
  beforeEach(() => start());

  it.each(['denied', 'credentials'] as const)('ends as %s', async kind => {
    const { target, environment, revisions, serving, faults } = harness;
    const plan = await target.planRollback(
      environment,
      revisions.previous,
      signal,
    );
    await (kind === 'denied'
      ? faults.denyChanges()
      : faults.rejectCredentials());

    const result = await drivePlan(target, environment, plan.steps);

    expect(result.error).toMatchObject({
      name: 'TargetError',
      kind,
      remedy: expect.stringMatching(/./),
    });
    expect(result.error!.message).not.toContain(portalKey.secretAccessKey);
    expect(result.outcome).toBe('as-before');
    expect(await serving()).toBe(revisions.current);
  });

  it('names the action that is not allowed', async () => {
    const { target, environment, revisions, faults } = harness;
    const plan = await target.planRollback(
      environment,
      revisions.previous,
      signal,
    );
    await faults.denyChanges();

    const { error } = await drivePlan(target, environment, plan.steps);

    expect(error!.message).toBe(
      'AWS does not let the connection "sandbox-broker" do ecs:UpdateService on service sandbox-broker-api in cluster sandbox-broker-cluster.',
    );
  });

  it('goes on by itself once there are credentials again', async () => {
    const { target, environment, revisions, serving, faults } = harness;
    const plan = await target.planRollback(
      environment,
      revisions.previous,
      signal,
    );
    await faults.rejectCredentials();

    const result = await drivePlan(target, environment, plan.steps, {
      onParked: () => faults.clear(),
    });

    expect(result).toMatchObject({ outcome: 'done', kinds: ['credentials'] });
    expect(await serving()).toBe(revisions.previous);
  });

  it('survives throttling', async () => {
    const { target, environment, revisions, serving, faults } = harness;
    const plan = await target.planRollback(
      environment,
      revisions.previous,
      signal,
    );
    await faults.throttle(5);

    const result = await drivePlan(target, environment, plan.steps);

    expect(result.outcome).toBe('done');
    expect(await serving()).toBe(revisions.previous);
  });

  it.each(['gone', 'foreign'] as const)(
    'knows no revision that is %s',
    async which => {
      const { target, environment, revisions, changes } = harness;

      const planned = target.planRollback(
        environment,
        revisions[which],
        signal,
      );

      await expect(planned).rejects.toMatchObject({ kind: 'not-found' });
      expect(await changes()).toBe(0);
    },
  );

  it('fails when the revision is deregistered after it was planned', async () => {
    const { target, environment, revisions, serving } = harness;
    const plan = await target.planRollback(
      environment,
      revisions.previous,
      signal,
    );
    harness.aws.deregister(place, revisions.previous);

    const result = await drivePlan(target, environment, plan.steps);

    expect(result).toMatchObject({
      outcome: 'as-before',
      error: { kind: 'not-found' },
    });
    expect(await serving()).toBe(revisions.current);
  });

  it('lists deregistered revisions as unavailable, and plans none of them', async () => {
    const { target, environment, revisions } = harness;
    harness.aws.deregister(place, revisions.previous);

    const listed = await target.revisions(environment, signal);

    expect(
      listed.map(each => [each.id, each.unavailable !== undefined]),
    ).toEqual([
      [revisions.current, false],
      [revisions.previous, true],
      [revisions.older, false],
    ]);
    await expect(
      target.planRollback(environment, revisions.previous, signal),
    ).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('plans no revision that no pipeline found good, and no way back to it', async () => {
    const { target, environment, revisions, aws, client } = harness;
    const unverified = await push(client);
    const { tags } = aws.world.taskDefinition(place, unverified);
    tags.push({ key: 'deploy-unverified', value: 'true' });

    // It comes in, or serves: then it is a release as any other.
    const isSaid = async (revision: string) =>
      (await target.revisions(environment, signal)).some(
        ({ id, unavailable }) => id === revision && unavailable !== undefined,
      );
    const first = await target.planRollback(
      environment,
      revisions.previous,
      signal,
    );
    await drivePlan(target, environment, first.steps);
    expect(await isSaid(unverified)).toBe(true);
    await expect(
      target.planRollback(environment, unverified, signal),
    ).rejects.toMatchObject({ kind: 'not-found' });

    aws.world.taskDefinition(place, unverified).tags = [];
    expect(await isSaid(unverified)).toBe(false);

    // And from one that serves there is a way, but none back to it.
    aws.world
      .taskDefinition(place, revisions.previous)
      .tags.push({ key: 'deploy-unverified', value: 'true' });
    const { steps, notRestored } = await target.planRollback(
      environment,
      revisions.older,
      signal,
    );
    expect(notRestored.join()).toContain('no run found it good');
    expect(steps.map(({ input }) => input)).toEqual(
      steps.map(() => ({ revision: revisions.older })),
    );
  });

  it('says that a service is gone', async () => {
    const { target, environment } = harness;

    const asked = target.currentRevision(
      {
        ...environment,
        target: { ...environment.target, service: 'nowhere' },
      },
      signal,
    );

    await expect(asked).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('does not touch a service that is no longer active', async () => {
    const { target, environment, revisions, changes } = harness;
    const plan = await target.planRollback(
      environment,
      revisions.previous,
      signal,
    );
    harness.aws.deleteService(environment.target.cluster, service);

    const result = await drivePlan(target, environment, plan.steps);

    expect(result.error).toMatchObject({ kind: 'invalid' });
    expect(await changes()).toBe(0);
  });

  it('refuses a service of another account', async () => {
    const other = await startEcsHarness({
      ledger,
      connection: { accountId: '999988887777' },
    });

    const asked = other.target.revisions(other.environment, signal);

    await expect(asked).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('111122223333'),
    });
    await other.stop();
  });

  it('leaves what CodeDeploy deploys alone', async () => {
    const other = await startEcsHarness({
      ledger,
      service: { controller: 'CODE_DEPLOY' },
    });
    const { target, environment, revisions } = other;
    const refused = {
      kind: 'invalid',
      message: expect.stringContaining('CODE_DEPLOY'),
    };
    // As if it had been handed over to CodeDeploy between plan and step.
    const plan = await harness.target.planRollback(
      harness.environment,
      harness.revisions.previous,
      signal,
    );

    await expect(
      target.planRollback(environment, revisions.previous, signal),
    ).rejects.toMatchObject(refused);
    await expect(target.planRestart(environment, signal)).rejects.toMatchObject(
      refused,
    );
    const result = await drivePlan(target, environment, plan.steps);

    expect(result.error).toMatchObject(refused);
    expect(await other.changes()).toBe(0);
    await other.stop();
  });
});

describe('what ECS does by itself', () => {
  it('is told when the circuit breaker took the revision back', async () => {
    const { target, environment, revisions, faults } = await start({
      service: { circuitBreaker: { enable: true, rollback: true } },
    });
    const plan = await target.planRollback(
      environment,
      revisions.previous,
      signal,
    );
    await faults.neverHealthy(revisions.previous);

    const { error } = await drivePlan(target, environment, plan.steps);

    expect(error!.message).toContain(
      'back by itself: Service deployment rolled back because the circuit breaker threshold was exceeded.',
    );
  });

  it('is left alone where the portal may not stop it', async () => {
    const { target, environment, revisions, aws, serving } = await start({
      service: { strategy: 'BLUE_GREEN' },
      simulator: { bakeTicks: 1_000_000 },
    });
    const pushed = await push(harness.client);
    await until(async () => (await serving()) === pushed);
    const plan = await target.planRollback(
      environment,
      revisions.current,
      signal,
    );
    aws.faults.denied.add('StopServiceDeployment');

    const result = await drivePlan(target, environment, plan.steps);

    expect(result).toMatchObject({
      outcome: 'as-before',
      error: {
        kind: 'denied',
        message: expect.stringContaining('ecs:StopServiceDeployment'),
      },
    });
    expect(await serving()).toBe(pushed);
  });

  it('brings production back at once from a bake time', async () => {
    const { target, environment, revisions, client, serving } = await start({
      service: { strategy: 'BLUE_GREEN' },
      simulator: { bakeTicks: 1_000_000 },
    });
    const pushed = await push(harness.client);
    await until(async () => (await serving()) === pushed);
    const plan = await target.planRollback(
      environment,
      revisions.current,
      signal,
    );

    const result = await drivePlan(target, environment, plan.steps);

    expect(plan.from?.id).toBe(pushed);
    expect(result.outcome).toBe('done');
    expect(await runningOf(client)).toEqual([revisions.current]);
    expect(writes()).toEqual(['StopServiceDeployment']);
  });

  it('undoes what was taken back when something else fails', async () => {
    const { target, environment, revisions, serving } = await start({
      service: { strategy: 'BLUE_GREEN' },
      simulator: { bakeTicks: 100 },
    });
    const pushed = await push(harness.client);
    await until(async () => (await serving()) === pushed);
    // It is not over before it is taken back.
    harness.aws.pause();
    const plan = await target.planRollback(
      environment,
      revisions.current,
      signal,
    );
    harness.aws.resume();

    const result = await drivePlan(target, environment, plan.steps, {
      failAfter: 1,
    });

    expect(result.outcome).toBe('as-before');
    expect(await runningOf(harness.client)).toEqual([pushed]);
  });

  it('shows how production is split while it is shifted', async () => {
    const { target, environment, revisions, serving } = await start({
      service: { strategy: 'BLUE_GREEN' },
      simulator: { bakeTicks: 1_000_000 },
    });
    const before = await target.traffic(environment, signal);
    const pushed = await push(harness.client);
    await until(async () => (await serving()) === pushed);

    const during = await target.traffic(environment, signal);

    expect(before).toEqual([{ revision: revisions.current, percent: 100 }]);
    expect(during).toEqual([
      { revision: pushed, percent: 100 },
      { revision: revisions.current, percent: 0 },
    ]);
  });

  it('waits with a restart until another deployment is over', async () => {
    const { target, environment, aws } = await start();
    aws.pause();
    const plan = await target.planRestart(environment, signal);
    await push(harness.client);

    const restarted = target.executeStep(
      environment,
      plan.steps[0],
      controlOf(),
    );

    await expect(restarted).rejects.toMatchObject({ kind: 'busy' });
    expect(await harness.changes()).toBe(0);
  });
});

describe('what takes too long', () => {
  async function begun() {
    const { target, environment, revisions, aws } = await start();
    const { steps } = await target.planRollback(
      environment,
      revisions.previous,
      signal,
    );
    aws.pause();
    const { output } = await target.executeStep(
      environment,
      steps[1],
      controlOf(),
    );
    return { wait: steps[2], outputs: { [steps[1].name]: output! } };
  }

  it('fails shortly before its time limit, with what ECS says', async () => {
    const { wait, outputs } = await begun();

    const waited = harness.target.executeStep(
      harness.environment,
      { ...wait, timeoutSeconds: 0.2 },
      controlOf({ outputs }),
    );

    await expect(waited).rejects.toMatchObject({
      kind: 'unhealthy',
      message: expect.stringMatching(
        /^sandbox-broker-api:2 did not become stable in time: 0 of 2 tasks of sandbox-broker-api:2 run, 2 of other revisions\. ECS says: /,
      ),
    });
  });

  it('says how far it got when the engine ends it', async () => {
    const { wait, outputs } = await begun();
    const limit = new AbortController();

    const waited = harness.target.executeStep(
      harness.environment,
      wait,
      controlOf({
        outputs,
        signal: limit.signal,
        wait: async () => {
          limit.abort(new Error('The time limit ran out.'));
          limit.signal.throwIfAborted();
        },
      }),
    );

    await expect(waited).rejects.toMatchObject({
      kind: 'unhealthy',
      message: expect.stringContaining('0 of 2 tasks'),
    });
  });

  it('counts the time of the process before', async () => {
    const { wait, outputs } = await begun();

    const waited = harness.target.executeStep(
      harness.environment,
      wait,
      controlOf({ outputs, memory: { do: { waitingSince: 1 } } }),
    );

    await expect(waited).rejects.toMatchObject({ kind: 'unhealthy' });
  });

  it('gives up when something else keeps deploying', async () => {
    const { wait, outputs } = await begun();

    const waited = harness.target.executeStep(
      harness.environment,
      wait,
      controlOf({
        outputs,
        wait: async () => {
          await push(harness.client);
        },
      }),
    );

    await expect(waited).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('keeps deploying'),
    });
    expect(writes()).toHaveLength(6);
  });
});

describe('what the target tells', () => {
  beforeEach(() => start());

  it('lists revisions with commit, artifact and traffic, newest first', async () => {
    const { target, environment, revisions } = harness;

    const listed = await target.revisions(environment, signal);

    expect(listed.map(each => each.id)).toEqual([
      revisions.current,
      revisions.previous,
      revisions.older,
    ]);
    expect(listed[0]).toMatchObject({
      current: true,
      health: 'healthy',
      trafficPercent: 100,
      commit: 'c'.repeat(39).concat('3'),
      artifact: `registry.example.test/${service}:${'c'.repeat(39)}3`,
    });
    expect(listed[1].current).toBe(false);
  });

  it('compares configuration by name, and tells no value', async () => {
    const { target, environment, revisions } = harness;

    const plan = await target.planRollback(
      environment,
      revisions.previous,
      signal,
    );

    expect(plan.configuration).toEqual([
      { name: 'env ONLY_IN_2', change: 'added' },
      { name: 'env ONLY_IN_3', change: 'removed' },
    ]);
    expect(JSON.stringify(plan)).not.toContain('value-of-');
  });

  it('diagnoses with events, reasons of stopped tasks, and where the logs are', async () => {
    const { target, environment, revisions, faults } = harness;
    const plan = await target.planRollback(
      environment,
      revisions.previous,
      signal,
    );
    await faults.neverHealthy(revisions.previous);
    await drivePlan(target, environment, plan.steps);

    const diagnostics = await target.diagnostics(environment, signal);

    expect(diagnostics.problems).toEqual([]);
    expect(diagnostics.facts).toContainEqual({
      label: `Logs of ${service}`,
      value: `CloudWatch log group /ecs/${service}, eu-central-1, streams ecs/${service}/<task id>`,
    });
    expect(diagnostics.events.map(each => each.message)).toContainEqual(
      expect.stringContaining('Essential container in task exited'),
    );
  });

  it('diagnoses what it may read, and says what it may not', async () => {
    const { target, environment, aws } = harness;
    aws.faults.denied.add('ListTasks');

    const diagnostics = await target.diagnostics(environment, signal);

    expect(diagnostics.health.state).toBe('healthy');
    expect(diagnostics.problems).toEqual([
      expect.stringContaining('ecs:ListTasks'),
    ]);
  });

  it('describes what it is', () => {
    const { target, environment } = harness;

    expect(target.describe(environment)).toEqual({
      resource:
        'ECS service sandbox-broker-api in sandbox-broker-cluster (eu-central-1)',
      lockKey:
        'ecs:eu-central-1/111122223333/sandbox-broker-cluster/sandbox-broker-api',
      consoleUrl:
        'https://eu-central-1.console.aws.amazon.com/ecs/v2/clusters/sandbox-broker-cluster/services/sandbox-broker-api/health?region=eu-central-1',
      canRestart: true,
    });
  });
});

describe('a role in another account', () => {
  const role = 'arn:aws:iam::111122223333:role/deploy-portal';
  const home = {
    accessKeyId: 'AKIAHOME000000000000',
    secretAccessKey: 'home-secret-of-the-tests',
    account: '444455556666',
    principal: 'arn:aws:iam::444455556666:user/portal',
  };
  const roles = [
    { arn: role, trusts: [home.accessKeyId], externalId: 'external' },
  ];

  it('is taken on before anything is asked', async () => {
    const { target, environment, revisions, aws } = await start({
      simulator: { credentials: [home], roles },
      connection: {
        keys: home,
        role: { arn: role, externalId: 'external' },
      },
    });

    const listed = await target.revisions(environment, signal);

    expect(listed[0].id).toBe(revisions.current);
    expect(aws.log[0]).toMatchObject({
      service: 'sts',
      operation: 'AssumeRole',
      accessKeyId: home.accessKeyId,
    });
    expect(
      aws.log.slice(1).every(each => each.accessKeyId?.startsWith('ASIA')),
    ).toBe(true);
  });

  it.each([
    ['a wrong external id', { externalId: 'other' }, 'denied'],
    ['none', {}, 'denied'],
  ])('is refused with %s', async (_, given, kind) => {
    const { target, environment } = await start({
      simulator: { credentials: [home], roles },
      connection: { keys: home, role: { arn: role, ...given } },
    });

    const asked = target.revisions(environment, signal);

    await expect(asked).rejects.toMatchObject({ kind });
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    await new Promise(resolve => {
      setImmediate(resolve);
    });
  }
}

function writes(): string[] {
  return harness.aws.log
    .filter(each => each.changes && each.accessKeyId === portalKey.accessKeyId)
    .map(each => each.operation);
}

/** As the engine gives one to a step. */
function controlOf(given: Partial<StepControl> = {}): StepControl {
  let memory: JsonObject = {};
  return {
    operationId: 'operation',
    fence: 1,
    attempt: 1,
    signal,
    get memory() {
      return memory;
    },
    outputs: {},
    log: () => {},
    remember: async next => {
      memory = next;
    },
    wait: () => Promise.resolve(),
    ...given,
  };
}
