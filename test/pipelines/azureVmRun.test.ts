import { spawn } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AzureCli, sha256Of } from '../simulators/azure-cli';
import { Machine } from '../simulators/vm';
import {
  BACKUPS,
  commits,
  DIALPLAN,
  dialplanOf,
  furnishPbx,
  SIGNER,
  SIGNER_UNIT,
  STATUS_URL,
} from '../simulators/vm/pbx';
import { beImpatient, ENVIRONMENT_FILE, resetSigner, SCRIPTS } from './vmWorld';

jest.setTimeout(240_000);

/** Commands of a runner, in front of which a recorder of arguments stands. */
const COMMANDS =
  'az basename cat date dirname gzip grep mktemp rm sha256sum sleep tail tar tee'.split(
    ' ',
  );

interface RunnerResult {
  output: string;
  exitCode: number | null;
}

describe('scripts on the runner', () => {
  let machine: Machine;
  let cli: AzureCli;
  /** Of the runner: its checkout, its commands and its temporary files. */
  let folder: string;

  beforeAll(async () => {
    machine = await Machine.create();
    await furnishPbx(machine);
    await beImpatient(machine);
  });

  beforeEach(async () => {
    await resetSigner({ machine });
    await machine.write(DIALPLAN, dialplanOf('live'));
    await machine.useFreeswitch(DIALPLAN);
    cli = await AzureCli.start(machine);
    folder = await mkdtemp(join(tmpdir(), 'runner-'));
    await furnishRunner();
  });

  afterEach(async () => {
    await cli.stop();
    await rm(folder, { recursive: true });
  });

  afterAll(async () => {
    await machine.destroy();
  });

  async function furnishRunner(): Promise<void> {
    for (const name of ['bin', 'temporary', 'checkout/service/app']) {
      await mkdir(join(folder, name), { recursive: true });
    }
    await writeFile(join(folder, 'checkout/service/app/main.py'), '# pushed\n');
    await writeFile(join(folder, 'checkout/service/unused'), '');
    const recorder = join(folder, 'recorder');
    await writeFile(
      recorder,
      '#!/bin/bash\nprintf "%s\\n" "${0##*/} $*" >>"$RECORD"\nPATH=${PATH#*:}\nexec "${0##*/}" "$@"\n',
    );
    await chmod(recorder, 0o755);
    for (const name of COMMANDS) {
      await symlink(recorder, join(folder, 'bin', name));
    }
  }

  /** Arguments of every process that was started on the runner. */
  async function argumentsOnRunner(): Promise<string> {
    return readFile(join(folder, 'record'), 'utf8');
  }

  function run(
    script: string,
    environment: Record<string, string>,
  ): Promise<RunnerResult> {
    const tools = resolve(__dirname, '../simulators/azure-cli');
    return new Promise((done, reject) => {
      const child = spawn('bash', [join(SCRIPTS, script)], {
        cwd: join(folder, 'checkout'),
        env: {
          PATH: `${join(folder, 'bin')}:${tools}:${process.env.PATH}`,
          RECORD: join(folder, 'record'),
          RUNNER_TEMP: join(folder, 'temporary'),
          GITHUB_ACTIONS: 'true',
          GITHUB_OUTPUT: join(folder, 'outputs'),
          resource_group: 'VVP',
          vm: 'vvp-pbx',
          pause_seconds: '0',
          ...cli.environment,
          ...environment,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      child.stdout.on('data', data => {
        output += data;
      });
      child.stderr.on('data', data => {
        output += data;
      });
      child.on('error', reject);
      child.on('close', exitCode => done({ output, exitCode }));
    });
  }

  const signer = {
    storage_account: 'vvpdeploy',
    container: 'releases',
    base: 'service',
    paths: 'app',
    directory: SIGNER,
    unit: SIGNER_UNIT,
    release: commits.pushed,
    health_url: STATUS_URL,
    health_statuses: '200 202',
    key_variable: 'VVP_STATUS_ADMIN_KEY',
    environment_file: ENVIRONMENT_FILE,
    udp_port: '5070',
    health_seconds: '1',
  };

  /** Nothing that was lent can be read anywhere but where the runner takes it for a mask. */
  async function expectSecret(result: RunnerResult): Promise<void> {
    const seen = [
      result.output.replace(/^::add-mask::.*$/gm, ''),
      await argumentsOnRunner(),
      await machine.downloads(),
      JSON.stringify(cli.invocations),
    ].join('\n');
    expect(cli.blobs.signatures).not.toEqual([]);
    for (const signature of cli.blobs.signatures) {
      expect(seen).not.toContain(signature);
      expect(seen).not.toContain(decodeURIComponent(signature));
    }
  }

  async function expectNothingLeft(): Promise<void> {
    expect(cli.blobs.blobs.size).toBe(0);
    expect(cli.runs.names).toEqual([]);
    expect(await readdir(join(folder, 'temporary'))).toEqual([]);
  }

  describe('azure-vm-release.sh', () => {
    it('brings a release to the machine, and its address to nobody', async () => {
      const result = await run('azure-vm-release.sh', signer);

      expect(result.output).toContain(`\ndeployed ${commits.pushed}\n`);
      expect(result.exitCode).toBe(0);
      expect(await machine.running(SIGNER_UNIT)).toBe(commits.pushed);
      expect(await machine.read(`${SIGNER}/current/app/main.py`)).toBe(
        '# pushed\n',
      );
      expect(await machine.exists(`${SIGNER}/current/unused`)).toBe(false);
      expect(await readFile(join(folder, 'outputs'), 'utf8')).toBe(
        `result=deployed ${commits.pushed}\n`,
      );
      await expectSecret(result);
      await expectNothingLeft();
      expect(await argumentsOnRunner()).toContain('archive_url=@');
      expect(cli.commands).toEqual(
        expect.arrayContaining([
          'storage blob upload',
          'storage blob generate-sas',
          'vm run-command create',
          'vm run-command show',
          'vm run-command delete',
          'storage blob delete',
        ]),
      );
    });

    it('ends as the script ended, and removes the blob all the same', async () => {
      await machine.setBad(SIGNER_UNIT, [commits.pushed]);

      const result = await run('azure-vm-release.sh', signer);

      expect(result.output).toContain(`rolled back to ${commits.current}\n`);
      expect(result.exitCode).toBe(2);
      expect(await machine.running(SIGNER_UNIT)).toBe(commits.current);
      await expectSecret(result);
      await expectNothingLeft();
    });

    it('packs the same files into the same archive', async () => {
      const hashes: string[] = [];
      for (const mode of [0o600, 0o644]) {
        const file = join(folder, 'checkout/service/app/main.py');
        await writeFile(file, '# pushed\n');
        await chmod(file, mode);
        await run('azure-vm-release.sh', signer);
        const { argv } = cli.invocations.findLast(({ argv: words }) =>
          words.includes('create'),
        )!;
        hashes.push(argv.find(word => word.startsWith('archive_sha256='))!);
      }

      expect(hashes[0]).toMatch(/^archive_sha256=[0-9a-f]{64}$/);
      expect(hashes[1]).toBe(hashes[0]);
    });

    it('lends the archive anew for each turn that it waits', async () => {
      await machine.write(
        '/usr/local/bin/flock',
        '#!/bin/bash\n[[ -e $SIM/asked ]] && exec /usr/bin/flock "$@"\n: >"$SIM/asked"\nexit 1\n',
        { mode: 0o755 },
      );
      cli.runs.faults.conflicts = 2;

      const result = await run('azure-vm-release.sh', signer);

      expect(result.exitCode).toBe(0);
      expect(result.output).toContain('Another script works on this service.');
      expect(cli.runs.created).toHaveLength(2);
      expect(await machine.running(SIGNER_UNIT)).toBe(commits.pushed);
      await expectSecret(result);
      await expectNothingLeft();
    });

    it.each(['storage blob generate-sas', 'vm run-command create'])(
      'removes the blob when %s is refused',
      async command => {
        cli.broken.add(command);

        const result = await run('azure-vm-release.sh', signer);

        expect(result.exitCode).toBe(1);
        expect(result.output).toContain('AuthorizationFailed');
        expect(await machine.running(SIGNER_UNIT)).toBe(commits.current);
        await expectNothingLeft();
      },
    );

    it.each<[string, Record<string, string>]>([
      ['storage_account', { storage_account: 'a_b' }],
      ['container', { container: '--x' }],
      ['release', { release: 'main' }],
      ['paths', { paths: '../../etc' }],
      ['paths', { paths: '--checkpoint-action=exec=id' }],
      ['paths', { paths: 'none' }],
      ['paths', { paths: ' ' }],
      ['base', { base: '$(id)' }],
      ['turn_seconds', { turn_seconds: '1+x' }],
    ])('refuses a bad %s', async (name, parameters) => {
      const result = await run('azure-vm-release.sh', {
        ...signer,
        ...parameters,
      });

      expect(result.output).toMatch(new RegExp(`^${name}( |:)`));
      expect(result.exitCode).toBe(64);
      expect(cli.invocations).toEqual([]);
    });
  });

  describe('azure-vm-run.sh', () => {
    const text = '<include><!-- new --></include>\n';
    const dialplan = {
      script: join(SCRIPTS, 'vm-config-file.sh'),
      parameters: 'sha256 path backup_directory owner reload',
      protected_parameters: 'content',
      content: Buffer.from(text).toString('base64'),
      sha256: sha256Of(text),
      path: DIALPLAN,
      backup_directory: BACKUPS,
      owner: '',
      reload: 'freeswitch-xml',
    };

    it('runs a script on the machine, with its content in no argument', async () => {
      const result = await run('azure-vm-run.sh', dialplan);

      expect(result.output).toContain(`deployed ${DIALPLAN}`);
      expect(result.exitCode).toBe(0);
      expect(await machine.loaded()).toBe(text);
      const seen =
        (await argumentsOnRunner()) + JSON.stringify(cli.invocations);
      expect(seen).toContain('content=@');
      expect(seen).not.toContain(dialplan.content);
      await expectNothingLeft();
    });

    it('is told of a file by azure-vm-config-file.sh', async () => {
      await writeFile(join(folder, 'checkout/public.xml'), text);

      const result = await run('azure-vm-config-file.sh', {
        source: 'public.xml',
        path: DIALPLAN,
        backup_directory: BACKUPS,
        reload: 'freeswitch-xml',
      });

      expect(result.output).toContain(`deployed ${DIALPLAN}`);
      expect(await machine.loaded()).toBe(text);
      expect(await argumentsOnRunner()).not.toContain(dialplan.content);
    });

    it('keeps what the script prints from the runner', async () => {
      const script = join(folder, 'checkout/talk.sh');
      await writeFile(
        script,
        '#!/bin/bash\necho "::set-env name=A::b"\necho last\nexit 7\n',
      );

      const result = await run('azure-vm-run.sh', {
        script: 'talk.sh',
      });

      expect(result.output).toMatch(
        /^::stop-commands::(\S+)\n::set-env name=A::b\nlast\n::\1::\n/,
      );
      expect(result.exitCode).toBe(7);
    });

    it('waits its turn', async () => {
      cli.runs.faults.conflicts = 2;

      const result = await run('azure-vm-run.sh', dialplan);

      expect(result.exitCode).toBe(0);
      expect(result.output).toContain('waiting for its turn');
      expect(cli.runs.created).toHaveLength(1);
    });

    it('gives up when its turn does not come', async () => {
      cli.runs.faults.conflicts = 1000;

      const result = await run('azure-vm-run.sh', {
        ...dialplan,
        turn_seconds: '1',
      });

      expect(result.exitCode).toBe(75);
      expect(result.output).toContain('run it again later');
      expect(cli.runs.created).toEqual([]);
    });

    it('waits for what a runner left behind that died, and removes it', async () => {
      await run('azure-vm-run.sh', dialplan);
      const [name] = cli.runs.created;
      const end = cli.runs.leaveBehind(name);
      const shows = () =>
        cli.commands.filter(command => command === 'vm run-command show')
          .length;
      const before = shows();

      const waiting = run('azure-vm-run.sh', dialplan);
      await until(() => shows() > before + 1);
      end();

      expect((await waiting).output).toContain('already there');
      expect(cli.runs.created).toEqual([name, name]);
      await expectNothingLeft();
    });

    it('goes on when Azure says nothing for a while', async () => {
      cli.runs.faults.silent = 4;

      const result = await run('azure-vm-run.sh', dialplan);

      expect(result.exitCode).toBe(0);
      await expectNothingLeft();
    });

    it.each<[string, () => void, string]>([
      [
        'is off',
        () => {
          cli.runs.faults.notRunning = 1;
        },
        'VM is not running',
      ],
      [
        'is not provisioned',
        () => {
          cli.runs.faults.unprovisioned = 1;
        },
        'Azure says Failed/Pending',
      ],
      [
        'is not told of any more',
        () => {
          cli.runs.faults.silent = 1000;
        },
        'Read timed out',
      ],
      [
        'may not be read',
        () => {
          cli.broken.add('vm show');
        },
        'AuthorizationFailed',
      ],
    ])('fails if the machine %s', async (_, breakIt, message) => {
      breakIt();

      const result = await run('azure-vm-run.sh', dialplan);

      expect(result.exitCode).toBe(1);
      expect(result.output).toContain(message);
      expect(await machine.loaded()).not.toBe(text);
    });

    it('leaves a script alone that does not end in time', async () => {
      let open = () => {};
      cli.runs.gate = new Promise(done => {
        open = done;
      });

      const result = await run('azure-vm-run.sh', {
        ...dialplan,
        limit_seconds: '1',
        grace_seconds: '0',
      });
      open();

      expect(result.exitCode).toBe(1);
      expect(result.output).toContain('did not end within 1 seconds');
      expect(cli.commands).not.toContain('vm run-command delete');
    });

    it.each<[string, Record<string, string>]>([
      ['resource_group', { resource_group: '--ids' }],
      ['vm', { vm: 'a b' }],
      ['script', { script: 'none.sh' }],
      ['parameters', { parameters: 'PATH;id' }],
      ['path', { path: '@/etc/passwd' }],
      ['path', { path: '/etc\n/x' }],
      ['content', { content: '' }],
      ['content', { content: 'a'.repeat(120_001) }],
      ['limit_seconds', { limit_seconds: '0' }],
    ])('refuses a bad %s', async (name, parameters) => {
      const result = await run('azure-vm-run.sh', {
        ...dialplan,
        ...parameters,
      });

      expect(result.output).toMatch(new RegExp(`^${name}( |:)`));
      expect(result.exitCode).toBe(64);
      expect(cli.invocations).toEqual([]);
      expect(await readdir(join(folder, 'temporary'))).toEqual([]);
    });

    it('puts a release back', async () => {
      const result = await run('azure-vm-run.sh', {
        script: join(SCRIPTS, 'vm-release.sh'),
        parameters: 'action directory unit release health_seconds',
        action: 'rollback',
        directory: SIGNER,
        unit: SIGNER_UNIT,
        release: commits.previous,
        health_seconds: '1',
      });

      expect(result.output).toContain(`put back ${commits.previous}`);
      expect(await machine.running(SIGNER_UNIT)).toBe(commits.previous);
      expect(await machine.read(DIALPLAN)).toBe(dialplanOf('live'));
    });
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise(done => {
      setTimeout(done, 10);
    });
  }
}
