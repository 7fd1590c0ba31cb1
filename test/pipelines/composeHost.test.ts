import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Behaviour, Fate } from '../simulators/compose-host';
import {
  commits,
  ComposeWorld,
  imagesOf,
  runningOf,
  secrets,
} from './composeWorld';

jest.setTimeout(240_000);

const ROLLED_BACK = 'Rolled back: what ran before runs again.';
const NOT_TOUCHED = 'Not deployed: what ran before still runs.';

/** Where it is waited in vain; long enough for all that is done before. */
const impatient = { HEALTH_SECONDS: '3' };

const OF_PUSHED = `backend-of-${commits.pushed[0]}`;

describe('the scripts for docker compose', () => {
  let world: ComposeWorld;
  let before: Record<string, string>;

  beforeEach(async () => {
    world = await ComposeWorld.start();
    await world.furnish();
    before = await world.files();
  });

  afterEach(async () => {
    await world.stop();
  });

  /** What ran before runs, by the files that were there before, and nothing is left of what came. */
  async function expectAsBefore(): Promise<void> {
    expect(world.host.docker.running).toEqual(runningOf(commits.current));
    expect(await world.files()).toEqual(before);
    expect(await world.leftovers()).toEqual([]);
  }

  async function expectHealed(): Promise<void> {
    world.host.fate = () => undefined;
    world.host.interrupt = undefined;
    world.host.docker.behaviours.clear();
    const { code, output } = await world.run('deploy', {
      GITHUB_RUN_ATTEMPT: '2',
    });
    expect(output).toContain(`${commits.pushed} serves.`);
    expect(code).toBe(0);
    expect(world.host.docker.running).toEqual(runningOf(commits.pushed));
  }

  const failing = (name: string, from = 1, times = Infinity) => {
    let seen = 0;
    world.host.fate = (invocation): Fate => {
      seen += invocation.name === name ? 1 : 0;
      return invocation.name === name && seen >= from && seen < from + times
        ? 'failed'
        : undefined;
    };
  };

  it('bring a release in, and keep it', async () => {
    const { code, output } = await world.run('deploy');

    expect(output).toContain(`${commits.pushed} serves.`);
    expect(code).toBe(0);
    expect(world.host.docker.running).toEqual(runningOf(commits.pushed));
    expect(await world.files()).toMatchObject({
      '.env': `COMPOSE_PROFILES='reporting'\n${imagesOf(commits.pushed)
        .replace(/=(\S+)/g, "='$1'")
        .replace(' ', '\n')}\n`,
      '.env.docker': `DB_PASSWORD='${secrets.database}'\nDEBUG='0'\nREDIS_PASSWORD='${secrets.redis}'\n`,
      '.env.staging': "SITE='staging'\n",
    });
    expect(await world.leftovers()).toEqual([]);
    expect(world.host.calls.filter(name => /stop|up$/.test(name))).toEqual([
      'docker compose stop',
      'docker compose up',
    ]);
  });

  it('show no secret to anybody who looks at processes, output or left files', async () => {
    const { output } = await world.run('deploy', { SHELLOPTS: 'xtrace' });
    const processes = output
      .split(/^\++ /m)
      .filter(command =>
        /^(timeout|ssh|scp|docker|curl|cat|cp|mv|mkdir|mktemp|rm|grep|find|sort|tail|dirname|flock|ln|sleep|bash|env)\b/.test(
          command,
        ),
      );
    expect(processes.length).toBeGreaterThan(20);
    const { server } = world.host;
    const hidden = [
      ...Object.values(secrets).flatMap(secret => secret.split('\n')),
      server.host,
      server.user,
      server.hostKey,
      ...server.privateKey.split('\n').slice(1, 2),
    ];
    for (const secret of hidden) {
      expect(processes.join('\n')).not.toContain(secret);
      expect(JSON.stringify(world.host.invocations)).not.toContain(secret);
    }
    expect((await readdir(world.host.runner)).sort()).toEqual([
      'compose.staging.yml',
      'docker-compose.yml',
    ]);

    const { output: shown } = await world.run('deploy');

    for (const secret of hidden) {
      expect(shown).not.toContain(secret);
    }
  });

  it.each([
    ['ssh umask', 1, 'Nothing was changed.'],
    ['scp', 1, 'Nothing was changed.'],
    ['ssh deploy', 1, NOT_TOUCHED],
    ['docker login', 1, NOT_TOUCHED],
    ['docker compose config', 1, NOT_TOUCHED],
    ['docker pull', 1, NOT_TOUCHED],
    ['docker pull', 2, NOT_TOUCHED],
  ])(
    'leave everything as it is if %s fails (%d)',
    async (name, from, message) => {
      const { containers } = world.host.docker;
      failing(name, from);

      const { code, output } = await world.run('deploy');

      expect(output).toContain(message);
      expect(code).toBe(1);
      expect(world.host.docker.containers).toEqual(containers);
      await expectAsBefore();
    },
  );

  it.each(['docker compose stop', 'docker compose up'])(
    'go back if %s fails',
    async name => {
      failing(name, 1, 1);

      const { code, output } = await world.run('deploy');

      expect(output).toContain(ROLLED_BACK);
      expect(code).toBe(1);
      await expectAsBefore();
    },
  );

  it.each(['docker compose ps', 'docker inspect'])(
    'go back if %s does not tell how the containers are',
    async name => {
      world.host.fate = invocation =>
        invocation.name === name &&
        world.host.docker.running.backend === OF_PUSHED
          ? 'failed'
          : undefined;

      const { code, output } = await world.run('deploy', impatient);

      expect(output).toContain('Not healthy within 3 seconds');
      expect(output).toContain(ROLLED_BACK);
      expect(code).toBe(1);
      await expectAsBefore();
    },
  );

  it.each<[string, Behaviour]>([
    [
      'backend-1 is running (unhealthy)',
      { status: 'running', health: 'unhealthy' },
    ],
    [
      'backend-1 is running (starting)',
      { status: 'running', health: 'starting' },
    ],
    ['backend-1 is restarting (none)', { status: 'restarting' }],
    ['backend-1 ended with 3', { status: 'exited', exitCode: 3 }],
  ])('go back if %s', async (reason, behaviour) => {
    world.host.docker.behaviours.set(OF_PUSHED, behaviour);

    const { code, output } = await world.run('deploy', impatient);

    expect(output).toContain(reason);
    expect(output).toContain(ROLLED_BACK);
    expect(code).toBe(1);
    await expectAsBefore();
  });

  it('take containers that have done their work for well, and those that do not belong to it for nothing', async () => {
    world.host.docker.behaviours.set('nginx', {
      status: 'exited',
      exitCode: 0,
    });
    const ended = {
      ...world.host.docker.containers[0],
      status: 'exited' as const,
      exitCode: 1,
      oneOff: true,
    };
    world.host.docker.containers.push(
      { ...ended, id: 'shell' },
      { ...ended, id: 'celery', service: 'celery', oneOff: false },
    );

    expect((await world.run('deploy')).code).toBe(0);
  });

  it('bring what a profile asks for', async () => {
    await world.run('deploy', { ENV_2_COMPOSE_PROFILES: 'with-celery' });

    expect(world.host.docker.running).toEqual({
      ...runningOf(commits.pushed),
      celery: OF_PUSHED,
    });
  });

  it('go back to what serves if that is brought in again and does not answer for a while', async () => {
    expect((await world.run('deploy')).code).toBe(0);
    let asked = 0;
    world.answers = () => ++asked > 2;

    const { code, output } = await world.run('deploy');

    expect(output).toContain('Rolled back');
    expect(code).toBe(1);
    expect(world.host.docker.running).toEqual(runningOf(commits.pushed));
  });

  it('go back if the containers are well and the address does not answer', async () => {
    world.answers = backend => backend !== OF_PUSHED;

    const { code, output } = await world.run('deploy');

    expect(output).toContain(ROLLED_BACK);
    expect(code).toBe(1);
    await expectAsBefore();
    world.answers = () => true;
    await expectHealed();
  });

  it('say that it is still broken if going back does not help', async () => {
    world.answers = () => false;

    const { code, output } = await world.run('deploy');

    expect(output).toContain('Still broken: what ran before does not answer.');
    expect(output).not.toContain('Rolled back');
    expect(code).toBe(1);
  });

  it('say that it is still broken if what ran before does not come up, and know it the next time', async () => {
    failing('docker compose up', 1, 2);

    const { code, output } = await world.run('deploy');

    expect(output).toContain('Still broken: going back did not help.');
    expect(code).toBe(1);
    world.host.docker.behaviours.set(OF_PUSHED, {
      status: 'exited',
      exitCode: 1,
    });
    expect((await world.run('deploy')).output).toContain(ROLLED_BACK);
    await expectAsBefore();
  });

  it('say so if the machine cannot be reached any more, and are done by a second run', async () => {
    world.answers = backend => backend !== OF_PUSHED;
    failing('ssh back');

    const { code, output } = await world.run('deploy');

    expect(output).toContain('Still broken: going back did not help.');
    expect(code).toBe(1);
    world.answers = () => true;
    await expectHealed();
  });

  it('have deployed although they cannot tidy up', async () => {
    failing('ssh rm');

    expect((await world.run('deploy')).code).toBe(0);
  });

  it('go back if the machine does not take note of the release', async () => {
    failing('ssh keep');

    const { code, output } = await world.run('deploy');

    expect(output).toContain(ROLLED_BACK);
    expect(code).toBe(1);
    await expectAsBefore();
  });

  it('ask again if the answer was lost, and go back if the release may not be there', async () => {
    const lost = new Set<string>();
    world.host.fate = ({ name }) => {
      if (['ssh umask', 'ssh keep'].includes(name) && !lost.has(name)) {
        lost.add(name);
        return 'lost';
      }
      return undefined;
    };
    expect((await world.run('deploy')).code).toBe(0);
    world.host.fate = ({ name }) =>
      name === 'ssh deploy' ? 'lost' : undefined;

    const { output } = await world.run('deploy', {
      IMAGES: imagesOf(commits.next),
      RELEASE: commits.next,
    });

    expect(output).toContain(ROLLED_BACK);
    expect(world.host.docker.running).toEqual(runningOf(commits.pushed));
  });

  it('have nothing to take back of a run that ended by itself', async () => {
    expect((await world.run('deploy')).code).toBe(0);

    const { code, output } = await world.run('back');

    expect(output).toContain('Nothing of this run is left');
    expect(code).toBe(0);
    expect(world.host.docker.running).toEqual(runningOf(commits.pushed));
  });

  describe('with images alone', () => {
    const backendAlone = {
      IMAGES: imagesOf(commits.next, ['backend']),
      RELEASE: commits.next,
      COMPOSE_FILES: 'docker-compose.yml',
      ENVIRONMENT_FILES: undefined,
    };

    beforeEach(async () => {
      await world.run('deploy');
      // What the repository has now is not what this is about.
      await rm(join(world.host.runner, 'docker-compose.yml'));
      before = await world.files();
    });

    it('bring in those that are named, and leave the others and the files', async () => {
      const { code } = await world.run('images', backendAlone);

      expect(code).toBe(0);
      expect(world.host.docker.running).toEqual({
        ...runningOf(commits.pushed),
        backend: `backend-of-${commits.next[0]}`,
      });
      const after = await world.files();
      expect(after).toEqual({ ...before, '.env': expect.any(String) });
      expect(after['.env'].trim().split('\n').sort()).toEqual([
        imagesOf(commits.next, ['backend']).replace(/=(.*)/, "='$1'"),
        "COMPOSE_PROFILES='reporting'",
        imagesOf(commits.pushed, ['frontend']).replace(/=(.*)/, "='$1'"),
      ]);
    });

    it('go back if they do not work', async () => {
      world.answers = backend => backend !== `backend-of-${commits.next[0]}`;

      const { output } = await world.run('images', backendAlone);

      expect(output).toContain(ROLLED_BACK);
      expect(world.host.docker.running).toEqual(runningOf(commits.pushed));
      expect(await world.files()).toEqual(before);
    });

    it('change nothing if the registry does not have them any more', async () => {
      const { code, output } = await world.run('images', {
        ...backendAlone,
        IMAGES: 'BACKEND_IMAGE=ghcr.io/example-org/edenco/backend:gone',
      });

      expect(output).toContain('could not be fetched');
      expect(output).toContain(NOT_TOUCHED);
      expect(code).toBe(1);
    });
  });

  it('bring the first release to a machine that has none, and have nothing to go back to', async () => {
    const first = { DIRECTORY: 'deployments/app-first' };
    world.answers = () => false;

    const { code, output } = await world.run('deploy', first);

    expect(output).toContain('nothing ran before');
    expect(code).toBe(1);
    world.answers = () => true;
    expect((await world.run('deploy', first)).code).toBe(0);
  });

  it.each([
    [
      'another machine answers',
      { KNOWN_HOSTS: '100.101.102.103 ssh-ed25519 AAAAother' },
    ],
    [
      'the machine is not known',
      { KNOWN_HOSTS: 'other.example.test ssh-ed25519 AAAA' },
    ],
    [
      'the key is not let in',
      { SSH_KEY: '-----BEGIN OPENSSH PRIVATE KEY-----' },
    ],
    ['the user is not let in', { SSH_USER: 'root' }],
  ])('change nothing if %s', async (_, environment) => {
    const { code, output } = await world.run('deploy', environment);

    expect(output).toContain('The machine cannot be worked on.');
    expect(code).toBe(1);
    await expectAsBefore();
  });
});
