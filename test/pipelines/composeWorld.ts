import { ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { ComposeHost } from '../simulators/compose-host';
import { SCRIPTS } from './vmWorld';

/** Commits of the releases, oldest first; images are pushed under them. */
export const commits = {
  current: 'c'.repeat(40),
  pushed: 'd'.repeat(40),
  next: 'e'.repeat(40),
};

export const DIRECTORY = 'deployments/app-staging';

/** Values that nobody but the files of the project may ever hold. */
export const secrets = {
  database: 'word $of #the "database',
  redis: 'first line of redis\nsecond line of redis',
  token: 'ghs_token-of-the-job',
};

const FILES: Record<string, string> = {
  'docker-compose.yml': `services:
  db: { image: postgres:16, env_file: .env.docker }
  backend: { image: '\${BACKEND_IMAGE:?}', env_file: [.env.docker, .env.staging] }
  frontend: { image: '\${FRONTEND_IMAGE:?}' }
`,
  'compose.staging.yml': `services:
  proxy: { image: nginx:1.27 }
  celery: { image: '\${BACKEND_IMAGE:?}', profiles: [with-celery] }
`,
};

/** What a script ended with. */
export interface Ended {
  code: number | null;
  output: string;
}

export function imageOf(service: string, commit: string): string {
  return `ghcr.io/example-org/edenco/${service}:${commit}`;
}

/** What `IMAGES` says of a release. */
export function imagesOf(
  commit: string,
  services: readonly string[] = ['backend', 'frontend'],
): string {
  return services
    .map(
      service => `${service.toUpperCase()}_IMAGE=${imageOf(service, commit)}`,
    )
    .join(' ');
}

/** Edenco's staging server as it runs one release, and the runner that brings another. */
export class ComposeWorld {
  readonly host: ComposeHost;
  /** Whether the address answers well, by the image of the backend. */
  answers: (backend: string | undefined) => boolean = () => true;
  readonly #site: Server;
  #child?: ChildProcess;

  private constructor(host: ComposeHost) {
    this.host = host;
    this.#site = createServer((_, response) => {
      response
        .writeHead(this.answers(host.docker.running.backend) ? 200 : 503)
        .end();
    });
  }

  static async start(): Promise<ComposeWorld> {
    const host = await ComposeHost.start();
    const world = new ComposeWorld(host);
    await new Promise<void>(done => {
      world.#site.listen(0, '127.0.0.1', done);
    });
    for (const commit of Object.values(commits)) {
      for (const service of ['backend', 'frontend']) {
        host.docker.registry.set(
          imageOf(service, commit),
          `${service}-of-${commit[0]}`,
        );
      }
    }
    host.docker.registry.set('postgres:16', 'postgres');
    host.docker.registry.set('nginx:1.27', 'nginx');
    host.docker.login = {
      registry: 'ghcr.io',
      user: 'dana',
      password: secrets.token,
    };
    for (const [name, text] of Object.entries(FILES)) {
      await writeFile(join(host.runner, name), text);
    }
    return world;
  }

  /** The current release runs, as people have put it there before there was this pipeline. */
  async furnish(): Promise<void> {
    await this.write('.env.docker', 'DEBUG=0\n');
    await this.write('.env.staging', 'SITE=old\n');
    for (const [name, text] of Object.entries(FILES)) {
      await this.write(name, text);
    }
    await this.write(
      '.env',
      `${imagesOf(commits.current).replace(
        ' ',
        '\n',
      )}\nCOMPOSE_PROFILES=reporting\n`,
    );
    this.host.docker.furnish(
      join(this.host.home, DIRECTORY),
      Object.keys(FILES),
    );
  }

  async write(name: string, text: string): Promise<void> {
    const path = join(this.host.home, DIRECTORY, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }

  async read(name: string): Promise<string> {
    return readFile(join(this.host.home, DIRECTORY, name), 'utf8');
  }

  /** Files of the project, without what the scripts keep beside them. */
  async files(): Promise<Record<string, string>> {
    const names = await this.host.files(DIRECTORY);
    return Object.fromEntries(
      await Promise.all(
        names
          .filter(name => !name.startsWith('.deploy/'))
          .map(async name => [name, await this.read(name)] as const),
      ),
    );
  }

  /** What is left of deployments besides the project and what the last one that was kept says of itself. */
  async leftovers(): Promise<string[]> {
    const known = ['.deploy/lock', '.deploy/names', '.deploy/compose-files'];
    return (await this.host.files(DIRECTORY)).filter(
      name => name.startsWith('.deploy/') && !known.includes(name),
    );
  }

  /** Runs `compose-ssh.sh` on the runner; what is not said is that of the release `pushed`. */
  run(
    verb: string,
    environment: Record<string, string | undefined> = {},
  ): Promise<Ended> {
    const { host } = this;
    const { server } = host;
    return new Promise((done, reject) => {
      const child = spawn(join(SCRIPTS, 'compose-ssh.sh'), [verb], {
        cwd: host.runner,
        detached: true,
        env: {
          PATH: host.path,
          TMPDIR: host.runner,
          GITHUB_RUN_ID: '7',
          GITHUB_RUN_ATTEMPT: '1',
          HOST: server.host,
          SSH_USER: server.user,
          SSH_KEY: server.privateKey,
          KNOWN_HOSTS: `${server.host} ${server.hostKey}`,
          DIRECTORY,
          COMPOSE_FILES: Object.keys(FILES).join(' '),
          ENVIRONMENT_FILES: '.env.docker .env.staging .env',
          ENV_0_DEBUG: '0',
          ENV_0_DB_PASSWORD: secrets.database,
          ENV_0_REDIS_PASSWORD: secrets.redis,
          ENV_1_SITE: 'staging',
          ENV_2_COMPOSE_PROFILES: 'reporting',
          IMAGES: imagesOf(commits.pushed),
          RELEASE: commits.pushed,
          RELEASE_IS: 'commit',
          REGISTRY: 'ghcr.io',
          REGISTRY_USER: 'dana',
          REGISTRY_TOKEN: secrets.token,
          HEALTH_SECONDS: '60',
          VERIFY_URL: `http://127.0.0.1:${
            (this.#site.address() as AddressInfo).port
          }/api/v1/status/`,
          VERIFY_STATUSES: '200',
          VERIFY_ATTEMPTS: '2',
          VERIFY_SECONDS: '0',
          ...environment,
        },
      });
      this.#child = child;
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

  /** Ends whatever the run has started, here and there, as if both machines had lost their power. */
  kill(): void {
    if (this.#child?.pid) {
      process.kill(-this.#child.pid, 'SIGKILL');
    }
  }

  async stop(): Promise<void> {
    await this.host.stop();
    await new Promise(done => {
      this.#site.close(done);
    });
  }
}

/** What runs of a release. */
export function runningOf(commit: string): Record<string, string> {
  return {
    db: 'postgres',
    backend: `backend-of-${commit[0]}`,
    frontend: `frontend-of-${commit[0]}`,
    proxy: 'nginx',
  };
}
