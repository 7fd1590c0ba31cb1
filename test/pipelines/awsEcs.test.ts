import { ChildProcess, spawn } from 'node:child_process';
import {
  chmod,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AwsSimulator, Ledger, startAwsSimulator } from '../simulators/aws';
import { AwsCli } from '../simulators/aws-cli';
import { expectAwsValidated } from '../simulators/aws/testing';
import {
  cluster,
  commitOf,
  ecrRegistry,
  pipelineKey,
  place,
  service,
  taskDefinition,
} from '../targets/ecsHarness';
import { UsedActions } from './usedActions';
import { SCRIPTS } from './vmWorld';

jest.setTimeout(240_000);

const PUSHED = 'd'.repeat(40);
const REPOSITORY = `${ecrRegistry}/${service}`;
const IMAGE = `${REPOSITORY}:${PUSHED}`;

interface Ended {
  code: number | null;
  output: string;
}

describe('the scripts for AWS', () => {
  const ledger = new Ledger();
  const actions = new UsedActions();
  let aws: AwsSimulator;
  let cli: AwsCli;
  let server: Server;
  let folder: string;
  /** Revisions that answer when the pipeline asks. */
  let healthy: (revision: number) => boolean;
  let child: ChildProcess | undefined;

  beforeEach(async () => {
    healthy = () => true;
    aws = await startAwsSimulator({
      credentials: [pipelineKey],
      ledger,
      tickOnLook: true,
    });
    for (const revision of [1, 2, 3]) {
      aws.register(place, taskDefinition(service, revision, ecrRegistry));
    }
    aws.addService({
      ...place,
      cluster,
      name: service,
      // What serves is not the newest: somebody went back.
      history: [`${service}:1`, `${service}:3`, `${service}:2`],
    });
    cli = await AwsCli.start(aws.url);
    server = createServer((_, response) => {
      response.writeHead(healthy(serving()) ? 200 : 503).end();
    });
    await new Promise<void>(done => {
      server.listen(0, '127.0.0.1', done);
    });
    folder = await mkdtemp(join(tmpdir(), 'runner-'));
    await symlink(
      resolve(__dirname, '../simulators/aws-cli/aws'),
      join(folder, 'aws'),
    );
    await writeFile(join(folder, 'sleep'), '#!/bin/sh\n');
    await chmod(join(folder, 'sleep'), 0o755);
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
    actions.requireAllowed('sandbox-broker/deploy/aws/deploy-production');
    await expectAwsValidated(ledger, 'ecs-scripts');
  });

  function run(
    script: string,
    environment: Record<string, string>,
    ...args: string[]
  ): Promise<Ended> {
    return new Promise((done, reject) => {
      child = spawn(join(SCRIPTS, script), args, {
        cwd: folder,
        env: {
          PATH: `${folder}:${process.env.PATH}`,
          TMPDIR: folder,
          AWS_REGION: place.region,
          AWS_ACCESS_KEY_ID: pipelineKey.accessKeyId,
          AWS_SECRET_ACCESS_KEY: pipelineKey.secretAccessKey,
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

  const ecs = (environment: Record<string, string> = {}, ...args: string[]) =>
    run(
      'aws-ecs.sh',
      {
        CLUSTER: cluster,
        SERVICE: service,
        FAMILY: service,
        CONTAINER: service,
        STABLE_ATTEMPTS: '15',
        VERIFY_URL: `http://127.0.0.1:${
          (server.address() as AddressInfo).port
        }/v1/healthz`,
        VERIFY_STATUSES: '200',
        VERIFY_ATTEMPTS: '2',
        VERIFY_SECONDS: '0',
        ...environment,
      },
      ...args,
    );

  const deploy = (environment: Record<string, string> = {}) =>
    ecs({ IMAGE, ...environment });
  const rollBack = (revision: string) =>
    ecs({ TASK_REVISION: revision }, 'rollback');

  /** The service's task definition. */
  function serving(): number {
    const [found] = aws.world.services;
    return Number(found.taskDefinition.split(':').pop());
  }

  const tagsOf = (revision: number) =>
    aws.world.taskDefinition(place, `${service}:${revision}`).tags;

  const changes = () =>
    cli.commands.filter(command => /update|register/.test(command));

  /** Ends the script at a call, as if the runner had gone. */
  async function killedAt(
    command: string,
    moment: 'before' | 'after',
  ): Promise<void> {
    cli.interrupt = (called, when) => {
      if (called === command && when === moment) {
        child?.kill('SIGKILL');
      }
    };
    expect((await deploy()).code).toBeNull();
    cli.interrupt = undefined;
  }

  it('bring an image in with the settings of now, and leave nothing on the runner', async () => {
    const { code, output } = await deploy();

    expect(output).toContain(`${service} serves ${service}:4.`);
    expect(code).toBe(0);
    const { content } = aws.world.taskDefinition(place, `${service}:4`);
    expect(content).toEqual({
      ...taskDefinition(service, 2, ecrRegistry),
      // As ECS tells them of a task definition that has none.
      placementConstraints: [],
      volumes: [],
      containerDefinitions: [
        {
          ...taskDefinition(service, 2, ecrRegistry).containerDefinitions?.[0],
          image: IMAGE,
        },
      ],
    });
    expect(serving()).toBe(4);
    expect(tagsOf(4)).toEqual([]);
    expect((await readdir(folder)).sort()).toEqual(['aws', 'sleep']);
    // No setting of the service was to be seen in the list of processes.
    expect(JSON.stringify(cli.invocations)).not.toContain('value-of-2');
  });

  it('go back to what served, and not to what is newest, if the service never gets stable', async () => {
    aws.world.failures.set(
      `arn:aws:ecs:${place.region}:${place.account}:task-definition/${service}:4`,
      'CannotPullContainerError',
    );

    const { code, output } = await deploy();

    expect(output).toContain(
      `${service} does not become stable with ${service}:4: ECS tells of ${service}:4 IN_PROGRESS`,
    );
    expect(output).toContain(
      `Rolled back: ${service} serves ${service}:2 again.`,
    );
    expect(code).toBe(1);
    expect(serving()).toBe(2);
  });

  it('see that the circuit breaker of ECS went back by itself', async () => {
    aws.world.services[0].circuitBreaker = { enable: true, rollback: true };
    aws.world.failures.set(
      `arn:aws:ecs:${place.region}:${place.account}:task-definition/${service}:4`,
      'CannotPullContainerError',
    );

    const { code, output } = await deploy({ STABLE_ATTEMPTS: '100' });

    expect(output).toContain(
      `Rolled back: ${service} serves ${service}:2 again.`,
    );
    expect(code).toBe(1);
    expect(serving()).toBe(2);
  });

  it('go back if the service is stable and does not answer', async () => {
    healthy = revision => revision !== 4;

    const { code, output } = await deploy();

    expect(output).toContain(`${service}:4 does not work on ${service}.`);
    expect(output).toContain(
      `Rolled back: ${service} serves ${service}:2 again.`,
    );
    expect(code).toBe(1);
    expect(serving()).toBe(2);
  });

  it('say that it is still broken if going back does not help', async () => {
    healthy = () => false;

    const { code, output } = await deploy();

    expect(output).toContain(
      `Still broken: going back to ${service}:2 did not help.`,
    );
    expect(output).not.toContain('Rolled back');
    expect(code).toBe(1);
  });

  it.each([
    ['there is no service', { SERVICE: 'nobody' }, 'There is no service'],
    ['it is of another family', { FAMILY: 'other' }, 'not of the family other'],
    ['it has no such container', { CONTAINER: 'web' }, 'has no container web'],
    ['the container is no name', { CONTAINER: "x'" }, 'not the name of one'],
  ])('change nothing if %s', async (_, environment, message) => {
    const { code, output } = await deploy(environment);

    expect(output).toContain(message);
    expect(code).toBe(1);
    expect(changes()).toEqual([]);
  });

  it('have nothing to go back to where nothing else ever served', async () => {
    aws.addService({
      ...place,
      cluster,
      name: 'first',
      history: [`${service}:1`],
    });
    aws.world.taskDefinition(place, `${service}:1`).status = 'INACTIVE';
    healthy = () => false;

    const { code, output } = await deploy({ SERVICE: 'first' });

    expect(output).toContain('there is nothing to go back to');
    expect(code).toBe(1);
  });

  it('say so if ECS does not take the change, and leave the service alone', async () => {
    aws.faults.denied.add('UpdateService');

    const { code, output } = await deploy();

    expect(output).toContain(
      `ECS did not take ${service}:4: ${service} runs ${service}:2.`,
    );
    expect(code).toBe(1);
    expect(serving()).toBe(2);
  });

  it('go on if ECS took the change, and its answer was lost', async () => {
    cli.interrupt = (command, moment) => {
      if (command === 'ecs update-service' && moment === 'before') {
        aws.faults.cutNextChange = true;
      }
    };

    const { code, output } = await deploy();

    expect(output).toContain('although its answer did not come');
    expect(output).toContain(`${service} serves ${service}:4.`);
    expect(code).toBe(0);
  });

  it('say of nothing that it serves if ECS says neither', async () => {
    cli.interrupt = (command, moment) => {
      if (command === 'ecs update-service' && moment === 'before') {
        ['UpdateService', 'DescribeServices'].forEach(one =>
          aws.faults.denied.add(one),
        );
      }
    };

    const { code, output } = await deploy();

    expect(output).toContain(`ECS does not say whether it took ${service}:4.`);
    expect(output).toContain('Still broken');
    expect(code).toBe(1);
  });

  it('say so if what is good cannot be noted, and leave it there', async () => {
    aws.faults.denied.add('UntagResource');

    const { code, output } = await deploy({ RUNNER_TEMP: folder });

    expect(output).toContain(`${service} serves ${service}:4, but this`);
    expect(output).toContain('its role needs ecs:UntagResource');
    expect(code).toBe(1);
    expect(serving()).toBe(4);
    expect((await readdir(folder)).join()).not.toContain('aws-ecs-');
  });

  it.each([
    ['ecs register-task-definition', 'before'],
    ['ecs register-task-definition', 'after'],
    ['ecs update-service', 'before'],
    ['ecs update-service', 'after'],
  ] as const)(
    'killed at %s (%s it), are done by a second run',
    async (command, moment) => {
      await killedAt(command, moment);

      const { code } = await deploy();

      expect(code).toBe(0);
      const { content } = aws.world.taskDefinition(
        place,
        `${service}:${serving()}`,
      );
      expect(content.containerDefinitions?.[0].image).toBe(IMAGE);
    },
  );

  it('killed before the image was verified, still know in a second run what served before', async () => {
    await killedAt('ecs update-service', 'after');
    // Meanwhile ECS goes on: to it the new tasks are fine.
    for (let look = 0; look < 10; look++) {
      aws.tick();
    }
    healthy = revision => revision <= 3;

    const { code, output } = await deploy();

    expect(output).toContain(
      `Rolled back: ${service} serves ${service}:2 again.`,
    );
    expect(code).toBe(1);
    expect(serving()).toBe(2);
  });

  it('never go back to what a run left that was killed, however well it answers', async () => {
    await killedAt('ecs update-service', 'after');
    for (let look = 0; look < 10; look++) {
      aws.tick();
    }
    expect(tagsOf(4)).toEqual([{ key: 'deploy-unverified', value: 'true' }]);
    healthy = revision => revision !== 5;

    const { code, output } = await deploy({
      IMAGE: `${REPOSITORY}:${'e'.repeat(40)}`,
    });

    expect(output).toContain(
      `Rolled back: ${service} serves ${service}:2 again.`,
    );
    expect(code).toBe(1);
    expect(serving()).toBe(2);
    const { output: byHand } = await rollBack('4');
    expect(byHand).toContain('was never found good');
    expect((await rollBack('')).output).toContain(
      `4: ${IMAGE} (never found good)\n`,
    );
  });

  it('deploy what serves already, and if that fails go back to just that', async () => {
    expect((await deploy()).code).toBe(0);
    healthy = revision => revision !== 5;

    const { code, output } = await deploy();

    expect(output).toContain(
      `Rolled back: ${service} serves ${service}:4 again.`,
    );
    expect(code).toBe(1);
    expect(serving()).toBe(4);
  });

  it('killed while going back, go back to the same in a second run', async () => {
    healthy = revision => revision <= 3;
    let updates = 0;
    cli.interrupt = (command, moment) => {
      if (command === 'ecs update-service' && moment === 'after') {
        updates += 1;
        if (updates === 2) {
          child?.kill('SIGKILL');
        }
      }
    };
    expect((await deploy()).code).toBeNull();
    cli.interrupt = undefined;

    const { output } = await deploy();

    expect(output).toContain(
      `Rolled back: ${service} serves ${service}:2 again.`,
    );
    expect(serving()).toBe(2);
  });

  describe('ended in the middle', () => {
    /** Ends the script at its first call that changes the service. */
    function endAt(moment: 'before' | 'after', signal: NodeJS.Signals) {
      cli.interrupt = (command, when) => {
        if (command === 'ecs update-service' && when === moment) {
          cli.interrupt = undefined;
          child?.kill(signal);
        }
      };
    }

    it.each(['SIGTERM', 'SIGINT'] as const)(
      'go back by themselves: %s',
      async signal => {
        endAt('after', signal);

        const { code, output } = await deploy();

        expect(output).toContain('The run was ended');
        expect(output).toContain(
          `Rolled back: ${service} serves ${service}:2 again.`,
        );
        expect(code).toBe(1);
        expect(serving()).toBe(2);
      },
    );

    it.each(['before', 'after'] as const)(
      'are taken back by the next step, if they were killed %s the change',
      async moment => {
        endAt(moment, 'SIGKILL');
        expect((await deploy({ RUNNER_TEMP: folder })).code).toBeNull();

        const { code, output } = await ecs(
          { RUNNER_TEMP: folder },
          'cancelled',
        );

        expect(output).toContain(
          `Rolled back: ${service} serves ${service}:2 again.`,
        );
        expect(code).toBe(1);
        expect(serving()).toBe(2);
        expect((await readdir(folder)).join()).not.toContain('aws-ecs-');
      },
    );

    it('leave what was found good', async () => {
      expect((await deploy({ RUNNER_TEMP: folder })).code).toBe(0);

      const { code, output } = await ecs({ RUNNER_TEMP: folder }, 'cancelled');

      expect(output).toContain('Nothing of this run is left');
      expect(code).toBe(0);
      expect(serving()).toBe(4);
    });

    it('leave a rollback that was on its way to its end', async () => {
      endAt('after', 'SIGTERM');

      await ecs({ TASK_REVISION: '1', RUNNER_TEMP: folder }, 'rollback');
      const { output } = await ecs({ RUNNER_TEMP: folder }, 'cancelled');

      expect(output).toContain('Nothing of this run is left');
      expect(serving()).toBe(1);
    });
  });

  it('roll back to the revision that is named', async () => {
    const { code, output } = await rollBack('1');

    expect(output).toContain(`${service} serves ${service}:1.`);
    expect(code).toBe(0);
    expect(serving()).toBe(1);
    expect(changes()).toEqual(['ecs update-service']);
  });

  it('undo a rollback that does not work', async () => {
    healthy = revision => revision !== 1;

    const { code, output } = await rollBack('1');

    expect(output).toContain(
      `Rolled back: ${service} serves ${service}:2 again.`,
    );
    expect(code).toBe(1);
  });

  it('list the revisions if none is named, and change nothing', async () => {
    const { code, output } = await rollBack('');

    expect(output).toContain(
      [3, 2, 1]
        .map(
          revision =>
            `${revision}: ${ecrRegistry}/${service}:${commitOf(revision)}\n`,
        )
        .join(''),
    );
    expect(output).toContain(`${service} runs 2:`);
    expect(code).toBe(1);
    expect(changes()).toEqual([]);
  });

  it.each([
    ['9', 'There is no revision 9'],
    ['3', 'cannot be used any more'],
    ['other:1', 'A revision is a number'],
    ['1 --force', 'A revision is a number'],
    ['$(touch here)', 'A revision is a number'],
  ])('roll back to nothing but a revision: %s', async (revision, message) => {
    aws.deregister(place, `${service}:3`);

    const { code, output } = await rollBack(revision);

    expect(output).toContain(message);
    expect(output).toContain('Nothing was changed.');
    expect(code).toBe(1);
    expect(changes()).toEqual([]);
  });

  describe('aws-ecr-image.sh', () => {
    const image = (environment: Record<string, string> = {}) =>
      run('aws-ecr-image.sh', {
        REGISTRY: ecrRegistry,
        REPOSITORY: service,
        COMMIT: PUSHED,
        GITHUB_OUTPUT: join(folder, 'output'),
        ...environment,
      });
    const outputs = async () => readFile(join(folder, 'output'), 'utf8');

    beforeEach(() => {
      aws.world.images.push(place, service, commitOf(1), new Date());
    });

    it('calls the image after the commit, and has it built', async () => {
      expect((await image()).code).toBe(0);
      expect(await outputs()).toBe(
        `image=${IMAGE}\nrepository=${REPOSITORY}\ndigest=\nnames=${IMAGE}\n`,
      );
    });

    it('calls it after the version as well', async () => {
      expect((await image({ VERSION: 'v1.2.0' })).code).toBe(0);
      expect(await outputs()).toBe(
        `image=${REPOSITORY}:v1.2.0\nrepository=${REPOSITORY}\ndigest=\nnames=${IMAGE},${REPOSITORY}:v1.2.0\n`,
      );
    });

    it.each(['', 'v1.2.0'])(
      'does not have an image built again that is there, whatever it is called besides: "%s"',
      async version => {
        const ended = await image({ COMMIT: commitOf(1), VERSION: version });

        expect(ended.output).toContain('is there already: sha256:');
        expect(ended.code).toBe(0);
        expect(await outputs()).toMatch(/^digest=sha256:[0-9a-f]{64}$/m);
      },
    );

    it('takes no version that another image has', async () => {
      aws.world.images.push(place, service, 'v1.0.0', new Date());
      const other = await image({ COMMIT: commitOf(1), VERSION: 'v1.0.0' });

      expect(other.output).toContain('and of another commit');
      expect(other.code).toBe(1);
    });

    it.each([
      [commitOf(1), 'is the name of another commit'],
      ['e'.repeat(40), 'is the name of another commit'],
      ['a,evil.example.test/x', 'is not a tag'],
      ['$(id)', 'is not a tag'],
      ['-x', 'is not a tag'],
    ])('refuses the version %s', async (version, message) => {
      aws.world.images.push(place, service, 'v1.1.0', new Date());

      const { code, output } = await image({ VERSION: version });

      expect(output).toContain(message);
      expect(code).toBe(1);
    });

    it('fails if the registry does not answer', async () => {
      const { code, output } = await image({ REPOSITORY: 'nobody' });

      expect(output).toContain('RepositoryNotFoundException');
      expect(code).toBe(1);
    });
  });
});
