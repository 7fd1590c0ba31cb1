import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  DeregisterTaskDefinitionCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListClustersCommand,
  ListServiceDeploymentsCommand,
  ListTaskDefinitionsCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
  waitUntilServicesStable,
} from '@aws-sdk/client-ecs';
import { AwsSimulator, Ledger, NewService, startAwsSimulator } from '.';
import { operationShapes } from './model/schema';
import { toWire, validate } from './model/validate';
import { expectAwsValidated } from './testing';

jest.setTimeout(240_000);

const place = { region: 'eu-central-1', account: '111122223333' };
const key = {
  accessKeyId: 'AKIATEST000000000000',
  secretAccessKey: 'secret-of-the-tests',
  account: place.account,
  principal: 'arn:aws:iam::111122223333:user/test',
};
const ledger = new Ledger();
let aws: AwsSimulator;
let client: ECSClient;

async function start(service: Partial<NewService> = {}): Promise<void> {
  aws = await startAwsSimulator({
    credentials: [key],
    ledger,
    tickMs: 5,
    bakeTicks: 2,
  });
  for (let revision = 1; revision <= 3; revision++) {
    aws.register(place, {
      family: 'api',
      containerDefinitions: [{ name: 'api', image: `api:${revision}` }],
    });
  }
  aws.addService({
    ...place,
    cluster: 'main',
    name: 'api',
    history: ['api:1', 'api:2'],
    ...service,
  });
  client = clientOf(key);
}

function clientOf(credentials: {
  accessKeyId: string;
  secretAccessKey: string;
}): ECSClient {
  return new ECSClient({
    region: place.region,
    endpoint: aws.url,
    credentials,
    maxAttempts: 1,
  });
}

afterEach(async () => {
  client?.destroy();
  await aws?.stop();
});
afterAll(() => expectAwsValidated(ledger, 'simulator'));

async function describedService() {
  const { services } = await client.send(
    new DescribeServicesCommand({ cluster: 'main', services: ['api'] }),
  );
  return services![0];
}

async function newest() {
  const { serviceDeployments } = await client.send(
    new ListServiceDeploymentsCommand({ cluster: 'main', service: 'api' }),
  );
  const described = await client.send(
    new DescribeServiceDeploymentsCommand({
      serviceDeploymentArns: [serviceDeployments![0].serviceDeploymentArn!],
    }),
  );
  return described.serviceDeployments![0];
}

async function update(taskDefinition: string) {
  return client.send(
    new UpdateServiceCommand({
      cluster: 'main',
      service: 'api',
      taskDefinition,
    }),
  );
}

async function untilStatus(status: string) {
  for (;;) {
    const deployment = await newest();
    if (deployment.status === status) {
      return deployment;
    }
  }
}

describe('the oracle', () => {
  const { input, output } = operationShapes('ecs', 'UpdateService')!;

  it.each([
    ['a member that is missing', {}, /service: missing/],
    ['one that is unknown', { service: 'api', nonsense: 1 }, /no such member/],
    ['text for a number', { service: 'api', desiredCount: '2' }, /number/],
    ['text for a flag', { service: 'a', forceNewDeployment: 'x' }, /boolean/],
    ['null', { service: null }, /null/],
    ['one in depth', { service: 'a', loadBalancers: [{ x: 1 }] }, /\[0\]\.x/],
    ['no list', { service: 'a', loadBalancers: {} }, /instead of a list/],
    ['no structure', 'text', /instead of UpdateServiceRequest/],
  ])('finds %s in a request', (_, body, problem) => {
    const problems = validate(input, body);

    expect(problems).toEqual([expect.stringMatching(problem)]);
  });

  it('finds a date that is not in seconds in a response', () => {
    const right = { service: { createdAt: new Date() } };

    expect(validate(output, toWire(right))).toEqual([]);
    expect(validate(output, { service: { createdAt: 'today' } })).toEqual([
      '$.service.createdAt: string instead of timestamp',
    ]);
  });

  it('knows nothing of an operation that the SDK does not have', () => {
    const book = new Ledger();

    book.request('ecs', 'MakeCoffee', {});

    expect(book.report().unvalidated).toEqual(['ecs MakeCoffee']);
  });

  it('keeps what was wrong', () => {
    const book = new Ledger();

    book.response('ecs', 'UpdateService', { other: 1 });

    expect(book.report().violations).toEqual([
      'ecs UpdateService response: $.other: UpdateServiceResponse has no such member',
    ]);
  });
});

describe('what is refused', () => {
  beforeEach(() => start());

  it.each([
    [
      'an unknown key',
      { ...key, accessKeyId: 'AKIAOTHER00000000000' },
      'UnrecognizedClientException',
    ],
    [
      'a wrong secret',
      { ...key, secretAccessKey: 'other' },
      'InvalidSignatureException',
    ],
  ])('is %s', async (_, credentials, name) => {
    client = clientOf(credentials);

    await expect(describedService()).rejects.toMatchObject({ name });
  });

  it.each([
    [
      'a cluster that is not there',
      () =>
        client.send(
          new UpdateServiceCommand({ cluster: 'other', service: 'api' }),
        ),
      'ClusterNotFoundException',
    ],
    [
      'a service that is not there',
      () =>
        client.send(
          new UpdateServiceCommand({ cluster: 'main', service: 'other' }),
        ),
      'ServiceNotFoundException',
    ],
    [
      'a task definition that is not there',
      () => update('api:9'),
      'ClientException',
    ],
    [
      'a member that is not simulated',
      () =>
        client.send(
          new UpdateServiceCommand({
            cluster: 'main',
            service: 'api',
            platformVersion: 'LATEST',
          }),
        ),
      'InvalidParameterException',
    ],
    [
      'an operation that is not simulated',
      () => client.send(new ListClustersCommand({})),
      'UnknownOperationException',
    ],
    [
      'stopping what is over',
      async () =>
        client.send(
          new StopServiceDeploymentCommand({
            serviceDeploymentArn: (await newest()).serviceDeploymentArn,
          }),
        ),
      'ConflictException',
    ],
  ])('is %s', async (_, send, name) => {
    await expect(send()).rejects.toMatchObject({ name });
  });

  it('is a task definition that has been deregistered', async () => {
    await client.send(
      new DeregisterTaskDefinitionCommand({ taskDefinition: 'api:1' }),
    );

    await expect(update('api:1')).rejects.toMatchObject({
      name: 'ClientException',
      message: 'TaskDefinition is inactive',
    });
    const { taskDefinition } = await client.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: 'api:1' }),
    );
    expect(taskDefinition!.status).toBe('INACTIVE');
  });

  it.each([
    ['throttle', 'ThrottlingException'],
    ['broken', 'ServerException'],
  ] as const)('is what a fault says: %s', async (fault, name) => {
    aws.faults[fault] = 1;

    await expect(describedService()).rejects.toMatchObject({ name });
    await expect(describedService()).resolves.toMatchObject({
      serviceName: 'api',
    });
  });

  it('is a change by a key that may only read', async () => {
    aws.faults.readOnly.add(key.accessKeyId);

    await expect(update('api:1')).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    expect((await describedService()).taskDefinition).toMatch(/api:2$/);
  });

  it('is the answer when the connection is cut, though the change is made', async () => {
    aws.faults.cutNextChange = true;

    await expect(update('api:1')).rejects.toThrow();
    expect((await describedService()).taskDefinition).toMatch(/api:1$/);
  });
});

describe('how a service is updated', () => {
  it('lets the waiter of the SDK see it become stable', async () => {
    await start();
    await update('api:3');

    await waitUntilServicesStable(
      { client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 },
      { cluster: 'main', services: ['api'] },
    );

    expect((await describedService()).deployments).toEqual([
      expect.objectContaining({
        taskDefinition: expect.stringMatching(/api:3$/),
        rolloutState: 'COMPLETED',
        runningCount: 2,
        failedTasks: 0,
      }),
    ]);
    expect(await newest()).toMatchObject({ status: 'SUCCESSFUL' });
  });

  it('begins nothing when nothing differs, unless forced', async () => {
    await start();
    const before = await newest();

    await update('api:2');
    const same = await newest();
    await client.send(
      new UpdateServiceCommand({
        cluster: 'main',
        service: 'api',
        forceNewDeployment: true,
      }),
    );

    expect(same.serviceDeploymentArn).toBe(before.serviceDeploymentArn);
    expect((await newest()).serviceDeploymentArn).not.toBe(
      before.serviceDeploymentArn,
    );
  });

  it.each([
    [true, 'ROLLBACK_SUCCESSFUL', /api:2$/],
    [false, 'STOPPED', /api:3$/],
  ] as const)(
    'trips the circuit breaker; rollback %s',
    async (rollback, status, set) => {
      await start({ circuitBreaker: { enable: true, rollback } });
      aws.failTasks(place, 'api:3', 'it crashed');
      await update('api:3');

      const deployment = await untilStatus(status);

      expect(deployment.deploymentCircuitBreaker).toMatchObject({
        status: 'TRIGGERED',
      });
      expect((await describedService()).taskDefinition).toMatch(set);
    },
  );

  it('goes through the stages of blue/green one after the other', async () => {
    await start({ strategy: 'BLUE_GREEN' });
    aws.pause();
    await update('api:3');
    const stages: (string | undefined)[] = [];

    for (let ticks = 0; ticks < 20; ticks++) {
      aws.tick();
      const { lifecycleStage, targetServiceRevision } = await newest();
      const weight = targetServiceRevision!.requestedProductionTrafficWeight;
      const stage = `${lifecycleStage ?? 'over'} ${weight}`;
      if (stages[stages.length - 1] !== stage) {
        stages.push(stage);
      }
    }

    expect(stages).toEqual([
      'PRE_SCALE_UP 0',
      'SCALE_UP 0',
      'POST_SCALE_UP 0',
      'TEST_TRAFFIC_SHIFT 0',
      'POST_TEST_TRAFFIC_SHIFT 0',
      'PRODUCTION_TRAFFIC_SHIFT 0',
      'POST_PRODUCTION_TRAFFIC_SHIFT 100',
      'BAKE_TIME 100',
      'CLEAN_UP 100',
      'over 100',
    ]);
  });

  it.each(['ROLLING', 'BLUE_GREEN'] as const)(
    'is taken back when it is stopped, %s',
    async strategy => {
      await start({ strategy });
      aws.pause();
      await update('api:3');
      const { serviceDeploymentArn } = await newest();

      await client.send(
        new StopServiceDeploymentCommand({ serviceDeploymentArn }),
      );
      const asked = await newest();
      aws.resume();
      await untilStatus('ROLLBACK_SUCCESSFUL');

      expect(asked.status).toBe('ROLLBACK_REQUESTED');
      expect(await describedService()).toMatchObject({
        taskDefinition: expect.stringMatching(/api:2$/),
        runningCount: 2,
      });
    },
  );

  it('takes the place of what is under way', async () => {
    await start();
    aws.pause();
    await update('api:3');
    const first = (await newest()).serviceDeploymentArn;

    await update('api:1');

    const described = await client.send(
      new DescribeServiceDeploymentsCommand({
        serviceDeploymentArns: [first!],
      }),
    );
    expect(described.serviceDeployments![0].status).toBe('STOPPED');
  });

  it('lists in pages', async () => {
    await start();

    const one = await client.send(
      new ListTaskDefinitionsCommand({
        familyPrefix: 'api',
        sort: 'DESC',
        maxResults: 2,
      }),
    );
    const two = await client.send(
      new ListTaskDefinitionsCommand({
        familyPrefix: 'api',
        sort: 'DESC',
        maxResults: 2,
        nextToken: one.nextToken,
      }),
    );

    const names = [...one.taskDefinitionArns!, ...two.taskDefinitionArns!];
    expect(names.map(arn => arn.split('/')[1])).toEqual([
      'api:3',
      'api:2',
      'api:1',
    ]);
    expect(two.nextToken).toBeUndefined();
  });
});

describe('as a process', () => {
  it('says where it is and shows the services of the pipelines', async () => {
    await start();
    const child = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        join(__dirname, 'main.ts'),
        '--credentials-env',
        'KEYS',
        '--until-stdin-ends',
      ],
      {
        env: {
          ...process.env,
          KEYS: 'AKIADEMO000000000000=demo-secret@111122223333',
        },
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    const [line] = await once(createInterface(child.stdout), 'line');
    const demo = new ECSClient({
      region: 'us-east-1',
      endpoint: JSON.parse(line).url,
      credentials: {
        accessKeyId: 'AKIADEMO000000000000',
        secretAccessKey: 'demo-secret',
      },
    });

    const { services } = await demo.send(
      new DescribeServicesCommand({
        cluster: 'ngx-production',
        services: ['ngx-voice-agent-production'],
      }),
    );

    expect(services![0]).toMatchObject({
      runningCount: 2,
      deploymentConfiguration: { strategy: 'BLUE_GREEN' },
    });
    child.stdin.end();
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
  });
});
