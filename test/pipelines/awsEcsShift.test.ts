import { ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AwsSimulator, Ledger, startAwsSimulator } from '../simulators/aws';
import { AwsCli } from '../simulators/aws-cli';
import { expectAwsValidated } from '../simulators/aws/testing';
import {
  cluster,
  ecrRegistry,
  pipelineKey,
  place,
  service,
  taskDefinition,
} from '../targets/ecsHarness';
import { UsedActions } from './usedActions';
import { SCRIPTS } from './vmWorld';

jest.setTimeout(240_000);

const COMMIT = 'd'.repeat(40);
const IMAGE = `${ecrRegistry}/${service}@sha256:${'d'.repeat(64)}`;
const NEW = `arn:aws:ecs:${place.region}:${place.account}:task-definition/${service}:4`;

/** What `aws-ecs.sh` does with a service of which ECS shifts the traffic. */
describe('a blue/green deployment by the script for ECS', () => {
  const ledger = new Ledger();
  const actions = new UsedActions();
  let aws: AwsSimulator;
  let cli: AwsCli;
  let server: Server;
  let folder: string;
  let child: ChildProcess | undefined;
  /** How often each revision was asked, and whether it answers then. */
  let asked: Map<number, number>;
  let healthy: (revision: number, times: number) => boolean;
  let killAt: (command: string, moment: string) => boolean;

  beforeEach(async () => {
    healthy = () => true;
    killAt = () => false;
    asked = new Map();
    aws = await startAwsSimulator({
      credentials: [pipelineKey],
      ledger,
      tickOnLook: true,
      bakeTicks: 6,
    });
    for (const revision of [1, 2, 3]) {
      aws.register(place, taskDefinition(service, revision, ecrRegistry));
    }
    aws.addService({
      ...place,
      cluster,
      name: service,
      strategy: 'BLUE_GREEN',
      bakeTimeInMinutes: 0,
      history: [`${service}:1`, `${service}:3`, `${service}:2`],
    });
    cli = await AwsCli.start(aws.url);
    cli.interrupt = (command, moment) => {
      if (killAt(command, moment)) {
        child?.kill('SIGKILL');
      }
      if (
        command === 'ecs describe-service-deployments' &&
        moment === 'before'
      ) {
        // ECS is faster than the script asks.
        [1, 2, 3].forEach(() => aws.tick());
      }
    };
    server = createServer((_, response) => {
      const revision = serving();
      const times = (asked.get(revision) ?? 0) + 1;
      asked.set(revision, times);
      response.writeHead(healthy(revision, times) ? 200 : 503).end();
    });
    await new Promise<void>(done => {
      server.listen(0, '127.0.0.1', done);
    });
    folder = await mkdtemp(join(tmpdir(), 'runner-'));
    await symlink(
      resolve(__dirname, '../simulators/aws-cli/aws'),
      join(folder, 'aws'),
    );
    await writeFile(join(folder, 'sleep'), '#!/bin/sh\n', { mode: 0o755 });
  });

  afterEach(async () => {
    actions.take(aws);
    await cli.stop();
    await aws.stop();
    await new Promise(done => {
      server.close(done);
    });
    await rm(folder, { recursive: true });
  });

  afterAll(async () => {
    actions.requireAllowed('ngx-voice/deploy/aws/deploy-production');
    await expectAwsValidated(ledger, 'ecs-shift-scripts');
  });

  function ecs(
    environment: Record<string, string>,
    ...args: string[]
  ): Promise<{ code: number | null; output: string }> {
    const { port } = server.address() as AddressInfo;
    return new Promise((done, reject) => {
      child = spawn(join(SCRIPTS, 'aws-ecs.sh'), args, {
        cwd: folder,
        env: {
          PATH: `${folder}:${process.env.PATH}`,
          TMPDIR: folder,
          AWS_REGION: place.region,
          AWS_ACCESS_KEY_ID: pipelineKey.accessKeyId,
          AWS_SECRET_ACCESS_KEY: pipelineKey.secretAccessKey,
          CLUSTER: cluster,
          SERVICE: service,
          FAMILY: service,
          CONTAINER: service,
          STRATEGY: 'blue-green',
          STABLE_ATTEMPTS: '10',
          VERIFY_URL: `http://127.0.0.1:${port}/health`,
          VERIFY_STATUSES: '200',
          VERIFY_ATTEMPTS: '2',
          VERIFY_SECONDS: '0',
          ...cli.environment,
          ...environment,
        },
      });
      let output = '';
      const take = (text: string) => {
        output += text;
      };
      child.stdout?.setEncoding('utf8').on('data', take);
      child.stderr?.setEncoding('utf8').on('data', take);
      child.once('error', reject);
      child.once('close', code => done({ code, output }));
    });
  }

  const deploy = (environment: Record<string, string> = {}) =>
    ecs({ IMAGE, COMMIT, ...environment });
  const goBack = (environment: Record<string, string> = {}) =>
    ecs(environment, 'back');

  /** The revision that gets the traffic. */
  function serving(): number {
    const [{ serviceDeployments, revisions }] = aws.world.services;
    const current = serviceDeployments[serviceDeployments.length - 1];
    const isIn = current.weight === 100 || current.status === 'SUCCESSFUL';
    const revision = isIn ? current.target : current.source ?? '';
    return Number(revisions.get(revision)?.taskDefinition.split(':').pop());
  }

  const statuses = () =>
    aws.world.services[0].serviceDeployments.map(({ status }) => status);
  const updates = () =>
    cli.commands.filter(command => command === 'ecs update-service').length;

  it('is through once the bake time is over, and names its commit', async () => {
    const { code, output } = await deploy();

    expect(output).toContain(`${service} serves ${service}:4.`);
    expect(code).toBe(0);
    expect(serving()).toBe(4);
    expect(statuses().pop()).toBe('SUCCESSFUL');
    const { tags, content } = aws.world.taskDefinition(place, NEW);
    expect(tags).toEqual([{ key: 'commit', value: COMMIT }]);
    expect(content.containerDefinitions[0].image).toBe(IMAGE);
    // Old and new ran side by side, and it was asked meanwhile.
    expect(asked.get(4)).toBeGreaterThan(1);
  });

  it('is taken back at once if it stops answering in the bake time', async () => {
    healthy = (revision, times) => revision !== 4 || times <= 1;

    const { code, output } = await deploy();

    expect(output).toContain('ECS takes back');
    expect(output).toContain(
      `Rolled back: ${service} serves ${service}:2 again.`,
    );
    expect(code).toBe(1);
    expect(serving()).toBe(2);
    expect(statuses().pop()).toBe('ROLLBACK_SUCCESSFUL');
    // What served still ran: no second deployment was needed.
    expect(updates()).toBe(1);
  });

  it('is taken back if its tasks never come up', async () => {
    aws.world.failures.set(NEW, 'CannotPullContainerError');

    const { code, output } = await deploy();

    expect(output).toContain(`does not get to ${service}:4`);
    expect(output).toContain(
      `Rolled back: ${service} serves ${service}:2 again.`,
    );
    expect(code).toBe(1);
    expect(serving()).toBe(2);
  });

  it('sees that the circuit breaker of ECS went back by itself', async () => {
    aws.world.services[0].circuitBreaker = { enable: true, rollback: true };
    aws.world.failures.set(NEW, 'CannotPullContainerError');

    const { code, output } = await deploy();

    expect(output).toMatch(/ECS tells of ROLLBACK_[A-Z_]+ .*threshold/);
    expect(output).toContain(
      `Rolled back: ${service} serves ${service}:2 again.`,
    );
    expect(code).toBe(1);
    expect(cli.commands).not.toContain('ecs stop-service-deployment');
  });

  it('of what serves already goes back to just that', async () => {
    expect((await deploy()).code).toBe(0);
    healthy = revision => revision !== 5;

    const { code, output } = await deploy();

    expect(output).toContain(
      `Rolled back: ${service} serves ${service}:4 again.`,
    );
    expect(code).toBe(1);
    expect(serving()).toBe(4);
  });

  it('is watched afterwards, and goes back if it stops working then', async () => {
    let looks = 0;
    healthy = revision => {
      looks += revision === 4 && statuses().pop() === 'SUCCESSFUL' ? 1 : 0;
      return revision !== 4 || looks <= 3;
    };

    const { code, output } = await deploy({
      WATCH_MINUTES: '1',
      WATCH_SECONDS: '10',
    });

    expect(output).toContain('stopped working while it was watched');
    expect(output).toContain(
      `Rolled back: ${service} serves ${service}:2 again.`,
    );
    expect(code).toBe(1);
    expect(serving()).toBe(2);
  });

  it('changes nothing where the service is not set to it', async () => {
    aws.world.services[0].strategy = 'ROLLING';

    const { code, output } = await deploy();

    expect(output).toContain('is not set to blue/green deployments');
    expect(code).toBe(1);
    expect(updates()).toBe(0);
  });

  it('goes back by a deployment of its own if ECS does not take it back', async () => {
    healthy = revision => revision !== 4;
    aws.faults.denied.add('StopServiceDeployment');

    const { code, output } = await deploy();

    expect(output).toContain('AccessDenied');
    expect(output).toContain(
      `Rolled back: ${service} serves ${service}:2 again.`,
    );
    expect(code).toBe(1);
    expect(serving()).toBe(2);
    expect(updates()).toBe(2);
  });

  it.each([
    ['ecs register-task-definition', 'after'],
    ['ecs update-service', 'after'],
  ])('killed at %s (%s it), is done by a second run', async (at, when) => {
    killAt = (command, moment) => command === at && moment === when;
    expect((await deploy()).code).toBeNull();
    killAt = () => false;

    const { code, output } = await deploy();

    expect({ code, output }).toMatchObject({ code: 0 });
    expect(statuses().pop()).toBe('SUCCESSFUL');
    const { content } = aws.world.taskDefinition(
      place,
      `${service}:${serving()}`,
    );
    expect(content.containerDefinitions[0].image).toBe(IMAGE);
  });

  it('killed, is taken back by the next step', async () => {
    killAt = (command, moment) =>
      command === 'ecs update-service' && moment === 'after';
    expect((await deploy({ RUNNER_TEMP: folder })).code).toBeNull();
    killAt = () => false;

    const { code, output } = await ecs({ RUNNER_TEMP: folder }, 'cancelled');

    expect(output).toContain('ECS takes back');
    expect(output).toContain(
      `Rolled back: ${service} serves ${service}:2 again.`,
    );
    expect(code).toBe(1);
    expect(serving()).toBe(2);
    expect(updates()).toBe(1);
  });

  it('killed while ECS takes it back, is back after a second run that fails, too', async () => {
    healthy = revision => revision <= 3;
    killAt = (command, moment) =>
      command === 'ecs stop-service-deployment' && moment === 'after';
    expect((await deploy()).code).toBeNull();
    killAt = () => false;

    const { code, output } = await deploy();

    expect(output).toContain(
      `Rolled back: ${service} serves ${service}:2 again.`,
    );
    expect(code).toBe(1);
    expect(serving()).toBe(2);
  });

  describe('the way back by hand', () => {
    it('leads to what served before, and from there to what served before that', async () => {
      const { code, output } = await goBack();

      expect(output).toContain(`${service} serves ${service}:3.`);
      expect(code).toBe(0);
      expect(serving()).toBe(3);

      expect((await goBack()).output).toContain(
        `${service} serves ${service}:1.`,
      );
    });

    it('is gone once, however often the run is started again', async () => {
      expect((await goBack()).code).toBe(0);

      const { code } = await goBack({ GITHUB_RUN_ATTEMPT: '2' });

      expect(code).toBe(0);
      expect(serving()).toBe(3);
      expect(statuses().pop()).toBe('SUCCESSFUL');
    });

    it('killed, is gone to its end by a second run', async () => {
      killAt = (command, moment) =>
        command === 'ecs update-service' && moment === 'after';
      expect((await goBack()).code).toBeNull();
      killAt = () => false;

      const { code } = await goBack();

      expect(code).toBe(0);
      expect(serving()).toBe(3);
    });

    it('takes back what is under way, and nothing besides', async () => {
      killAt = (command, moment) =>
        command === 'ecs update-service' && moment === 'after';
      expect((await deploy()).code).toBeNull();
      killAt = () => false;

      const { code, output } = await goBack();

      expect(output).toContain(`ECS takes back ${service}:4`);
      expect(code).toBe(0);
      expect(serving()).toBe(2);
    });

    it('leads from what a killed run left to what was found good', async () => {
      killAt = (command, moment) =>
        command === 'ecs update-service' && moment === 'after';
      expect((await deploy()).code).toBeNull();
      killAt = () => false;
      for (let look = 0; look < 30; look++) {
        aws.tick();
      }
      expect(serving()).toBe(4);
      healthy = revision => revision !== 2;

      const { code, output } = await goBack();

      // And not back to what nobody found good.
      expect(output).toContain('there is nothing to go back to');
      expect(code).toBe(1);
      healthy = () => true;
      expect((await goBack()).output).toContain(
        `${service} serves ${service}:2.`,
      );
      expect(serving()).toBe(2);
    });

    it('is not gone to what does not work there', async () => {
      healthy = revision => revision !== 3;

      const { code, output } = await goBack();

      expect(output).toContain(
        `Rolled back: ${service} serves ${service}:2 again.`,
      );
      expect(code).toBe(1);
      expect(serving()).toBe(2);
    });

    it('ends where nothing else ever served', async () => {
      aws.addService({
        ...place,
        cluster,
        name: 'first',
        strategy: 'BLUE_GREEN',
        history: [`${service}:1`],
      });

      const { code, output } = await goBack({ SERVICE: 'first' });

      expect(output).toContain('Nothing else is known to have served');
      expect(code).toBe(1);
    });
  });

  it('goes back by hand with a rolling deployment as well', async () => {
    aws.world.services[0].strategy = 'ROLLING';

    const { code, output } = await goBack({ STRATEGY: 'rolling' });

    expect(output).toContain(`${service} serves ${service}:3.`);
    expect(code).toBe(0);
  });
});
