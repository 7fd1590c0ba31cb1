import { ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AzureCli, ContainerApps } from '../simulators/azure-cli';
import { SCRIPTS } from './vmWorld';

jest.setTimeout(240_000);

const COMMIT = 'a'.repeat(40);
const PASSWORD = 'p@ss "word" $(id) = 1';
const BEFORE = 'registry.example.test/issuer:before';
const AFTER = `registry.example.test/issuer:${COMMIT}`;

describe.each(['Single', 'Multiple'] as const)(
  'a deployment to a Container App, revisions: %s',
  mode => {
    let app: ContainerApps;
    let cli: AzureCli;
    let service: Server;
    let folder: string;
    let child: ChildProcess;
    /** Images whose service answers with 500. */
    let broken: Set<string>;

    beforeEach(async () => {
      app = new ContainerApps('vvp-issuer', 'VVP');
      app.mode = mode;
      app.addRevision('before', BEFORE);
      cli = await AzureCli.start(app);
      broken = new Set();
      service = createServer((_, response) => {
        response.statusCode = broken.has(app.image ?? '') ? 500 : 200;
        response.end();
      });
      await new Promise<void>(done => {
        service.listen(0, '127.0.0.1', done);
      });
      folder = await mkdtemp(join(tmpdir(), 'runner-'));
    });

    afterEach(async () => {
      await cli.stop();
      service.closeAllConnections();
      await new Promise(done => {
        service.close(done);
      });
      await rm(folder, { recursive: true });
    });

    function deploy(
      environment: Record<string, string> = {},
      ...args: string[]
    ): Promise<{ code: number | null; output: string }> {
      const { port } = service.address() as AddressInfo;
      const tools = resolve(__dirname, '../simulators/azure-cli');
      return new Promise((done, reject) => {
        child = spawn(join(SCRIPTS, 'azure-container-app.sh'), args, {
          cwd: folder,
          env: {
            PATH: `${tools}:${process.env.PATH}`,
            TMPDIR: folder,
            GITHUB_SHA: COMMIT,
            GITHUB_RUN_ID: '7',
            GITHUB_RUN_ATTEMPT: '1',
            APP: 'vvp-issuer',
            RESOURCE_GROUP: 'VVP',
            IMAGE: AFTER,
            MIN_REPLICAS: '1',
            MAX_REPLICAS: '3',
            SETTING_GIT_SHA: COMMIT,
            SECRET_POSTGRES_PASSWORD: PASSWORD,
            VERIFY_URL: `http://127.0.0.1:${port}/healthz`,
            VERIFY_STATUSES: '200',
            VERIFY_ATTEMPTS: '2',
            VERIFY_SECONDS: '0',
            LOOKS: '4',
            PAUSE_SECONDS: '0',
            ...cli.environment,
            ...environment,
          },
        });
        let output = '';
        const collect = (text: string) => {
          output += text;
        };
        child.stdout?.setEncoding('utf8').on('data', collect);
        child.stderr?.setEncoding('utf8').on('data', collect);
        child.once('error', reject);
        child.once('close', code => done({ code, output }));
      });
    }

    it('serves the image, with its settings and replicas', async () => {
      const { code, output } = await deploy();

      expect(output).toContain(`vvp-issuer serves ${AFTER}`);
      expect(code).toBe(0);
      expect(app.image).toBe(AFTER);
      expect(app.environment).toEqual({
        GIT_SHA: COMMIT,
        POSTGRES_PASSWORD: PASSWORD,
      });
      expect(app.serving?.properties.template.scale).toEqual({
        minReplicas: 1,
        maxReplicas: 3,
      });
      expect(
        app.revisions.filter(({ properties }) => properties.active),
      ).toHaveLength(1);
    });

    it('has the secret in no argument and no output, and leaves no file of it', async () => {
      const { output } = await deploy();

      expect(output).not.toContain(PASSWORD);
      const seen = cli.invocations.flatMap(({ argv }) => argv).join('\n');
      expect(seen).toContain('postgres-password=@');
      expect(seen).not.toContain(PASSWORD);
      expect(await readdir(folder)).toEqual([]);
    });

    it('goes back to what served before if the image never becomes healthy', async () => {
      app.bad.add(AFTER);

      const { code, output } = await deploy();

      expect(code).toBe(1);
      expect(output).toContain('::error::Rolled back: vvp-issuer serves');
      expect(app.image).toBe(BEFORE);
    });

    it('goes back if the service does not answer well, with the settings of before', async () => {
      broken.add(AFTER);

      const { code, output } = await deploy();

      expect(code).toBe(1);
      expect(output).toContain('::error::Rolled back: vvp-issuer serves');
      expect(app.image).toBe(BEFORE);
      expect(app.environment).toEqual({});
    });

    it('says that it is still broken if going back does not help', async () => {
      broken.add(AFTER).add(BEFORE);

      const { code, output } = await deploy();

      expect(code).toBe(1);
      expect(output).toContain('::error::Still broken:');
    });

    it('changes nothing if Azure does not take the update', async () => {
      cli.broken.add('containerapp update');

      const { code, output } = await deploy();

      expect(code).toBe(1);
      expect(output).toContain('vvp-issuer is as it was');
      expect(app.image).toBe(BEFORE);
      expect(app.revisions).toHaveLength(1);
    });

    describe('with a secret that changes', () => {
      const key = 'postgres-password';

      beforeEach(() => {
        app.secrets.set(key, 'before "it" changed');
      });

      const lists = () => cli.invocations.map(({ argv }) => argv.join(' '));

      it('has the one of before again if Azure does not take the update', async () => {
        cli.broken.add('containerapp update');

        const { code, output } = await deploy();

        expect(output).toContain('vvp-issuer is as it was');
        expect(code).toBe(1);
        expect(app.secrets.get(key)).toBe('before "it" changed');
        expect([output, ...lists()].join('\n')).not.toContain('"it"');
        expect(await readdir(folder)).toEqual([]);
      });

      it('has the one of before again before what served comes back', async () => {
        broken.add(AFTER);
        const set: (string | undefined)[] = [];
        cli.interrupt = command => {
          if (/revision copy|traffic set/.test(command)) {
            set.push(app.secrets.get(key));
          }
        };

        const { output } = await deploy();

        expect(output).toContain('Rolled back: vvp-issuer serves');
        expect(set.pop()).toBe('before "it" changed');
      });

      it('names those that cannot be put back', async () => {
        cli.broken.add('containerapp update');
        cli.interrupt = command => {
          if (command === 'containerapp secret set') {
            cli.broken.add(command);
          }
        };

        const { code, output } = await deploy();

        expect(output).toContain(
          `The secrets ${key} of vvp-issuer are new already, and could not be put back.`,
        );
        expect(output).not.toContain('as it was');
        expect(code).toBe(1);
      });

      it('is left alone where it is the same', async () => {
        app.secrets.set(key, PASSWORD);

        expect((await deploy()).code).toBe(0);
        expect(cli.commands).not.toContain('containerapp secret set');
        expect(app.environment.POSTGRES_PASSWORD).toBe(PASSWORD);
      });
    });

    it.each([
      [
        'secret is empty',
        { SECRET_POSTGRES_PASSWORD: '' },
        'POSTGRES_PASSWORD',
      ],
      ['setting is empty', { SETTING_LOG_LEVEL: '' }, 'LOG_LEVEL'],
      ['secret is of a key vault', { SECRET_VAULTED: 'x' }, 'vaulted'],
    ])('changes nothing if a %s', async (what, environment, name) => {
      app.vault.set('vaulted', 'https://vault.example.test/secrets/x');

      const { code, output } = await deploy(environment);

      expect(output).toContain(`The ${what.split(' ')[0]} ${name} is`);
      expect(output).toContain('Nothing was changed.');
      expect(code).toBe(1);
      expect(cli.commands.join()).not.toMatch(/set|update/);
    });

    describe('that is ended in the middle', () => {
      beforeEach(() => {
        app.secrets.set('postgres-password', 'before');
      });

      function endAt(at: string, signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL') {
        cli.interrupt = command => {
          if (command === at) {
            cli.interrupt = undefined;
            child.kill(signal);
          }
        };
      }

      function expectAsBefore() {
        expect(app.image).toBe(BEFORE);
        expect(app.secrets.get('postgres-password')).toBe('before');
      }

      it.each([
        ['SIGTERM', 'containerapp update', 'Rolled back'],
        ['SIGINT', 'containerapp revision show', 'Rolled back'],
        ['SIGTERM', 'containerapp secret set', 'is as it was'],
      ] as const)(
        'goes back by itself: %s at %s',
        async (signal, at, message) => {
          endAt(at, signal);

          const { code, output } = await deploy();

          expect(output).toContain(message);
          expect(code).toBe(1);
          expectAsBefore();
          expect(await readdir(folder)).toEqual([]);
        },
      );

      it.each([
        ['containerapp update', 'Rolled back'],
        ['containerapp revision show', 'Rolled back'],
        ['containerapp secret set', 'is as it was'],
      ])(
        'is taken back by the next step, if it was killed at %s',
        async (at, message) => {
          endAt(at, 'SIGKILL');
          expect((await deploy({ RUNNER_TEMP: folder })).code).toBeNull();

          const { code, output } = await deploy(
            { RUNNER_TEMP: folder, IMAGE: '' },
            'back',
          );

          expect(output).toContain(message);
          expect(code).toBe(1);
          expectAsBefore();
          expect(await readdir(folder)).toEqual([]);
        },
      );

      it('is left as it is once it was found good', async () => {
        expect((await deploy({ RUNNER_TEMP: folder })).code).toBe(0);

        const { code, output } = await deploy({ RUNNER_TEMP: folder }, 'back');

        expect(output).toContain('Nothing of this run is left');
        expect(code).toBe(0);
        expect(app.image).toBe(AFTER);
      });
    });

    it('goes on from wherever an earlier attempt ended', async () => {
      cli.broken.add('containerapp revision show');
      expect((await deploy({ VERIFY_ATTEMPTS: '1' })).code).toBe(1);
      cli.broken.clear();

      const { code } = await deploy({ GITHUB_RUN_ATTEMPT: '2' });

      expect(code).toBe(0);
      expect(app.image).toBe(AFTER);
    });

    it('says what is missing', async () => {
      const { code, output } = await deploy({ IMAGE: '' });

      expect(code).not.toBe(0);
      expect(output).toContain('IMAGE');
      expect(cli.invocations).toEqual([]);
    });
  },
);
