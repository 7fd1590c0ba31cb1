import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Ledger, startAwsSimulator } from '../simulators/aws';
import { AwsCli } from '../simulators/aws-cli';
import { AzureCli, ContainerApps } from '../simulators/azure-cli';
import { Machine } from '../simulators/vm';
import {
  BACKUPS,
  DIALPLAN,
  furnishPbx,
  SIGNER,
  SIGNER_UNIT,
  STATUS_URL,
} from '../simulators/vm/pbx';
import {
  cluster,
  ecrRegistry,
  pipelineKey,
  place,
  service,
  taskDefinition,
} from '../targets/ecsHarness';
import { NEWER, NOW, OLDER } from './commitHistory';
import {
  ComposeWorld,
  imagesOf,
  imageOf as composeImage,
} from './composeWorld';
import { imageOf, KubernetesWorld } from './kubernetesWorld';
import { beImpatient, ENVIRONMENT_FILE, SCRIPTS } from './vmWorld';

/** How a script ended, and what it said. */
export interface Ended {
  code: number | null;
  output: string;
}

/** A place that a commit can be brought to; at first there runs something that tells no commit of the history. */
export interface Place {
  /** Has the script bring a commit, as the step that deploys does. */
  deploy(commit: string, environment: Record<string, string>): Promise<Ended>;
  /** What runs, in whatever words: the commit is among them. */
  running(): Promise<string>;
  /** Calls that change something, so far. */
  changes(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** A machine of GitHub's with a checkout, where nobody waits for long. */
class Runner {
  private constructor(readonly folder: string) {}

  static async start(): Promise<Runner> {
    const folder = await mkdtemp(join(tmpdir(), 'runner-'));
    const runner = new Runner(folder);
    await runner.write('bin/sleep', '#!/bin/sh\n', 0o755);
    return runner;
  }

  async write(name: string, text: string, mode = 0o644): Promise<void> {
    const path = join(this.folder, name);
    await mkdir(resolve(path, '..'), { recursive: true });
    await writeFile(path, text, { mode });
  }

  run(script: string, environment: Record<string, string>): Promise<Ended> {
    return new Promise((done, reject) => {
      const child = spawn('bash', [join(SCRIPTS, script)], {
        cwd: this.folder,
        env: { TMPDIR: this.folder, RUNNER_TEMP: this.folder, ...environment },
      });
      let output = '';
      const take = (text: string) => {
        output += text;
      };
      child.stdout.setEncoding('utf8').on('data', take);
      child.stderr.setEncoding('utf8').on('data', take);
      child.once('error', reject);
      child.once('close', code => done({ code, output }));
    });
  }

  async stop(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}

/** The places, by their names. */
export const places: Readonly<Record<string, () => Promise<Place>>> = {
  'a Container App with one revision': () => containerApp('Single'),
  'a Container App with several revisions': () => containerApp('Multiple'),
  'a service of ECS': () => ecs({}),
  'a service of ECS whose traffic is shifted': () =>
    ecs({ STRATEGY: 'blue-green' }),
  'a Deployment of Kubernetes': kubernetes,
  'a machine with docker compose': compose,
  'a release on a virtual machine': release,
  'a file of a virtual machine': configFile,
};

async function containerApp(mode: ContainerApps['mode']): Promise<Place> {
  const app = new ContainerApps('vvp-issuer', 'VVP');
  app.mode = mode;
  app.addRevision('before', 'registry.example.test/issuer:before');
  const cli = await AzureCli.start(app);
  const runner = await Runner.start();
  let runs = 0;
  return {
    deploy: (commit, environment) => {
      runs += 1;
      return runner.run('azure-container-app.sh', {
        PATH: `${tools('azure-cli')}:${process.env.PATH}`,
        GITHUB_SHA: commit,
        GITHUB_RUN_ID: String(runs),
        APP: app.name,
        RESOURCE_GROUP: app.resourceGroup,
        IMAGE: `registry.example.test/issuer:${commit}`,
        SECRET_KEY: commit,
        LOOKS: '4',
        PAUSE_SECONDS: '0',
        ...cli.environment,
        ...environment,
      });
    },
    running: async () => `${app.image} ${[...app.secrets.values()]}`,
    changes: async () =>
      cli.commands.filter(command => !/show|list/.test(command)),
    stop: async () => {
      await cli.stop();
      await runner.stop();
    },
  };
}

async function ecs(more: Record<string, string>): Promise<Place> {
  const aws = await startAwsSimulator({
    credentials: [pipelineKey],
    ledger: new Ledger(),
    tickOnLook: true,
    bakeTicks: 1,
  });
  aws.register(place, taskDefinition(service, 1, ecrRegistry));
  aws.addService({
    ...place,
    cluster,
    name: service,
    ...(more.STRATEGY && { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 }),
    history: [`${service}:1`],
  });
  const cli = await AwsCli.start(aws.url);
  cli.interrupt = (command, moment) => {
    if (command === 'ecs describe-service-deployments' && moment === 'before') {
      // ECS is faster than the script asks.
      [1, 2, 3].forEach(() => aws.tick());
    }
  };
  const runner = await Runner.start();
  await symlink(join(tools('aws-cli'), 'aws'), join(runner.folder, 'bin/aws'));
  return {
    // By its digest, as a generated pipeline has it: the tag of the task definition tells the commit.
    deploy: (commit, environment) => {
      const digest = `sha256:${commit}${'0'.repeat(24)}`;
      return runner.run('aws-ecs.sh', {
        PATH: `${join(runner.folder, 'bin')}:${process.env.PATH}`,
        AWS_REGION: place.region,
        AWS_ACCESS_KEY_ID: pipelineKey.accessKeyId,
        AWS_SECRET_ACCESS_KEY: pipelineKey.secretAccessKey,
        CLUSTER: cluster,
        SERVICE: service,
        FAMILY: service,
        CONTAINER: service,
        STABLE_ATTEMPTS: '15',
        IMAGE: `${ecrRegistry}/${service}@${digest}`,
        COMMIT: commit,
        ...more,
        ...cli.environment,
        ...environment,
      });
    },
    running: async () => {
      const [{ taskDefinition: arn }] = aws.world.services;
      const state = aws.world.taskDefinitions.find(one => one.arn === arn);
      return JSON.stringify(state);
    },
    changes: async () =>
      cli.commands.filter(command => /update|register|stop/.test(command)),
    stop: async () => {
      await cli.stop();
      await aws.stop();
      await runner.stop();
    },
  };
}

async function kubernetes(): Promise<Place> {
  const world = await KubernetesWorld.start();
  await world.deployed('before', 'unknown');
  return {
    deploy: (commit, environment) =>
      world.run({
        GITHUB_SHA: commit,
        IMAGE: `${imageOf(commit)}@sha256:${'4'.repeat(64)}`,
        ...environment,
      }),
    running: async () => world.serving().join(),
    changes: async () =>
      world.kubectl.commands.filter(command => !/^get\b/.test(command)),
    stop: () => world.stop(),
  };
}

async function compose(): Promise<Place> {
  const world = await ComposeWorld.start();
  await world.furnish();
  for (const commit of [OLDER, NOW, NEWER]) {
    for (const name of ['backend', 'frontend']) {
      world.host.docker.registry.set(
        composeImage(name, commit),
        `${name}-of-${commit}`,
      );
    }
  }
  return {
    deploy: (commit, environment) =>
      world.run('deploy', {
        RELEASE: commit,
        IMAGES: imagesOf(commit),
        ...environment,
      }),
    running: async () =>
      `${JSON.stringify(world.host.docker.running)} ${await world.read(
        '.env',
      )}`,
    changes: async () =>
      world.host.invocations
        .map(({ argv }) => argv.join(' '))
        .filter(line => /compose-host\.sh|compose .*(up|stop)|pull/.test(line)),
    stop: () => world.stop(),
  };
}

async function release(): Promise<Place> {
  const { machine, cli, runner, stop } = await pbx();
  await runner.write('service/app/main.py', '# pushed\n');
  return {
    deploy: (commit, environment) =>
      runner.run('azure-vm-release.sh', {
        ...onMachine(cli),
        storage_account: 'vvpdeploy',
        container: 'releases',
        base: 'service',
        paths: 'app',
        directory: SIGNER,
        unit: SIGNER_UNIT,
        release: commit,
        health_url: STATUS_URL,
        key_variable: 'VVP_STATUS_ADMIN_KEY',
        environment_file: ENVIRONMENT_FILE,
        udp_port: '5070',
        health_seconds: '2',
        ...environment,
      }),
    running: async () =>
      `${await machine.linked(SIGNER)} ${await machine.running(SIGNER_UNIT)}`,
    changes: async () => [
      ...(await machine.changes()),
      ...cli.commands.filter(command => /blob/.test(command)),
    ],
    stop,
  };
}

async function configFile(): Promise<Place> {
  const { machine, cli, runner, stop } = await pbx();
  return {
    deploy: async (commit, environment) => {
      await runner.write(
        'public.xml',
        `<include><!-- ${commit} --></include>\n`,
      );
      return runner.run('azure-vm-config-file.sh', {
        ...onMachine(cli),
        source: 'public.xml',
        path: DIALPLAN,
        backup_directory: BACKUPS,
        reload: 'freeswitch-xml',
        ...environment,
      });
    },
    running: async () => (await machine.loaded()) ?? '',
    changes: () => machine.changes(),
    stop,
  };
}

async function pbx() {
  const machine = await Machine.create();
  await furnishPbx(machine);
  await beImpatient(machine);
  const cli = await AzureCli.start(machine);
  const runner = await Runner.start();
  return {
    machine,
    cli,
    runner,
    stop: async () => {
      await cli.stop();
      await runner.stop();
      await machine.destroy();
    },
  };
}

function onMachine(cli: AzureCli): Record<string, string> {
  return {
    PATH: `${tools('azure-cli')}:${process.env.PATH}`,
    resource_group: 'VVP',
    vm: 'vvp-pbx',
    pause_seconds: '0',
    ...cli.environment,
  };
}

function tools(simulator: string): string {
  return resolve(__dirname, '../simulators', simulator);
}
