import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Of } from '../simulators/azure-cli';
import { commits, SIGNER, SIGNER_UNIT, STATUS_URL } from '../simulators/vm/pbx';
import {
  ENVIRONMENT_FILE,
  lastLine,
  lendArchive,
  lookAtSigner,
  pack,
  resetSigner,
  signer,
  startVmWorld,
  VmWorld,
} from './vmWorld';

jest.setTimeout(240_000);

describe('vm-release.sh', () => {
  let world: VmWorld;

  beforeAll(async () => {
    world = await startVmWorld();
  });

  beforeEach(async () => {
    await resetSigner(world);
  });

  afterAll(async () => {
    await world.stop();
  });

  /** Parameters that have the script fetch another archive. */
  function fetching(archive: Buffer): Record<string, string> {
    return {
      archive_url: lendArchive(world.blobs, archive),
      archive_sha256: sha256Of(archive),
    };
  }

  it('puts a release in place, keeps three, and tells nobody the address', async () => {
    const result = await world.release();

    expect(result).toEqual({
      stdout: `deployed ${commits.pushed}\n`,
      stderr: '',
      exitCode: 0,
    });
    expect(await lookAtSigner(world)).toEqual(signer.after);
    expect(await world.machine.read(`${SIGNER}/current/app/main.py`)).toBe(
      '# pushed\n',
    );
    expect(await world.machine.changes()).toEqual([
      expect.stringContaining(`restart ${SIGNER_UNIT} ${commits.pushed}`),
    ]);
    expect(await world.machine.downloads()).toContain('--config -');
    expect(await world.machine.downloads()).not.toContain('sig=');
  });

  it('restarts a release that is there already, and does not fetch it again', async () => {
    await world.release();
    world.blobs.reads.length = 0;
    await world.machine.clearChanges();

    const result = await world.release();

    expect(lastLine(result)).toBe(`deployed ${commits.pushed}`);
    expect(world.blobs.reads).toEqual([]);
    expect(await world.machine.changes()).toHaveLength(1);
    expect(await lookAtSigner(world)).toEqual(signer.after);
  });

  it.each<[string, string, () => Promise<Record<string, string> | void>]>([
    [
      'the hash differs',
      'SHA-256 differs',
      async () => ({ archive_sha256: '0'.repeat(64) }),
    ],
    [
      'the download is cut',
      'bytes remaining',
      async () => {
        world.blobs.faults.truncate = true;
      },
    ],
    [
      'the download is another file',
      'SHA-256 differs',
      async () => {
        world.blobs.faults.corrupt = true;
      },
    ],
    [
      'the address is too old',
      'error: 403',
      async () => {
        const address = lendArchive(world.blobs, Buffer.from(''));
        world.blobs.expire();
        return { archive_url: address };
      },
    ],
    [
      'the host is not known',
      'Could not resolve host',
      async () => ({ archive_url: 'https://none.example.test/a?sig=x' }),
    ],
    [
      'it is no archive',
      'not a tar.gz',
      async () => fetching(Buffer.from('plain')),
    ],
    [
      'the archive is cut, and its hash is that of the rest',
      'not a tar.gz',
      async () => fetching((await pack({ a: 'a'.repeat(9) })).subarray(0, 60)),
    ],
    ['the archive is empty', 'is empty', async () => fetching(await pack({}))],
    [
      'a name is absolute',
      'absolute names',
      async () =>
        fetching(
          await pack({ passwd: 'x' }, undefined, [
            '-P',
            '--transform=s,^./passwd,/etc/passwd,',
          ]),
        ),
    ],
    [
      'a name leads out',
      '.. in names',
      async () =>
        fetching(
          await pack({ x: 'x' }, undefined, [
            '-P',
            '--transform=s,^./x,../../../evil,',
          ]),
        ),
    ],
    [
      'a link leads out',
      'leads out',
      async () =>
        fetching(
          await pack({ x: 'x' }, root =>
            symlink('../../../../etc', join(root, 'a\nlink')),
          ),
        ),
    ],
    [
      'a link is absolute',
      'leads out',
      async () =>
        fetching(
          await pack({ x: 'x' }, root => symlink('/etc', join(root, 'link'))),
        ),
    ],
    [
      'the key is not on the machine',
      'has no VVP_OTHER',
      async () => ({ key_variable: 'VVP_OTHER' }),
    ],
    [
      'the environment file is not on the machine',
      'cannot be read',
      async () => ({ environment_file: '/etc/vvp/none.env' }),
    ],
    [
      'the disk is full',
      'No space left on device',
      async () => {
        await world.machine.fillDisk(true);
      },
    ],
  ])('changes nothing if %s', async (_, message, prepare) => {
    const parameters = (await prepare()) ?? {};

    const result = await world.release(parameters);
    Object.assign(world.blobs.faults, { truncate: false, corrupt: false });
    await world.machine.fillDisk(false);

    expect(lastLine(result)).toMatch(/^nothing changed: /);
    expect(lastLine(result)).toContain(message);
    expect(result.stdout).not.toContain('sig=');
    expect(result.exitCode).toBe(1);
    expect(await lookAtSigner(world)).toEqual(signer.before);
    expect(await world.machine.changes()).toEqual([]);
    expect(await world.machine.exists('/etc/passwd.evil')).toBe(false);
    expect(lastLine(await world.release())).toBe(`deployed ${commits.pushed}`);
    expect(await lookAtSigner(world)).toEqual(signer.after);
  });

  it('takes links within a release', async () => {
    const archive = await pack({ 'app/main.py': '#' }, root =>
      symlink('app/main.py', join(root, 'main')),
    );

    const result = await world.release(fetching(archive));

    expect(result.exitCode).toBe(0);
    expect(await world.machine.read(`${SIGNER}/current/main`)).toBe('#');
  });

  it.each<[string, string, () => Promise<Record<string, string> | void>]>([
    [
      'the unit does not come up',
      'is activating',
      () => world.machine.setBad(SIGNER_UNIT, [commits.pushed]),
    ],
    [
      'it answers something else',
      'answers 200',
      async () => ({ health_statuses: '202 204' }),
    ],
    [
      'its key is refused',
      'answers 401',
      async () => ({ key_variable: 'VVP_REGION' }),
    ],
    [
      'nothing answers',
      'answers 000',
      async () => ({ health_url: `${STATUS_URL}/no` }),
    ],
    ['nothing listens', 'UDP port 5099', async () => ({ udp_port: '5099' })],
  ])('goes back if %s', async (_, message, prepare) => {
    const parameters = (await prepare()) ?? {};
    // Only the new release is not well.
    const onlyNow = Object.keys(parameters).length > 0;

    const result = await world.release(parameters);

    expect(result.stdout).toContain(message);
    expect(lastLine(result)).toMatch(
      onlyNow
        ? /^still broken: /
        : new RegExp(`^rolled back to ${commits.current}$`),
    );
    expect(result.exitCode).toBe(onlyNow ? 3 : 2);
    expect(await lookAtSigner(world)).toMatchObject({
      linked: commits.current,
      running: commits.current,
    });
    expect(await world.machine.changes()).toEqual([
      expect.stringContaining(`restart ${SIGNER_UNIT} ${commits.pushed}`),
      expect.stringContaining(`restart ${SIGNER_UNIT} ${commits.current}`),
    ]);
  });

  it('goes by the link, not by age, and drops the release that failed first', async () => {
    await world.machine.deploy(SIGNER_UNIT, commits.older);
    await world.machine.setBad(SIGNER_UNIT, [commits.pushed]);

    const result = await world.release();

    expect(lastLine(result)).toBe(`rolled back to ${commits.older}`);
    expect(await lookAtSigner(world)).toEqual({
      ...signer.before,
      linked: commits.older,
      running: commits.older,
    });
  });

  it('keeps what was live before though it is the oldest, and what others brought', async () => {
    await world.machine.deploy(SIGNER_UNIT, commits.older);
    await world.machine.addRelease(SIGNER, 'hotfix-1', 900_000);
    await writeFile(
      world.machine.path(`${SIGNER}/releases/${'9'.repeat(40)}`),
      '',
    );

    const result = await world.release({ keep: '2' });

    expect(lastLine(result)).toBe(`deployed ${commits.pushed}`);
    expect((await lookAtSigner(world)).releases).toEqual([
      '9'.repeat(40),
      commits.older,
      commits.pushed,
      'hotfix-1',
    ]);
  });

  it('takes out a first release that does not come up', async () => {
    await world.machine.remove(`${SIGNER}/current`);
    await world.machine.setBad(SIGNER_UNIT, [commits.pushed]);

    const result = await world.release();

    expect(lastLine(result)).toBe(
      `taken out: no release was live before, ${SIGNER_UNIT} is stopped`,
    );
    expect(result.exitCode).toBe(2);
    expect(await world.machine.exists(`${SIGNER}/current`)).toBe(false);
    expect((await world.machine.changes()).at(-1)).toContain('stop');
    await world.machine.setBad(SIGNER_UNIT, []);
    expect(lastLine(await world.release())).toBe(`deployed ${commits.pushed}`);
  });

  it('says what is broken if the release before does not come up either', async () => {
    await world.machine.write(`/sim/units/${SIGNER_UNIT}/refuses`, '');

    const result = await world.release();
    await world.machine.remove(`/sim/units/${SIGNER_UNIT}/refuses`);

    expect(lastLine(result)).toMatch(/^still broken: .* cannot be restarted/);
    expect(result.exitCode).toBe(3);
    expect(await world.machine.linked(SIGNER)).toBe(commits.current);
    expect(lastLine(await world.release())).toBe(`deployed ${commits.pushed}`);
    expect(await lookAtSigner(world)).toEqual(signer.after);
  });

  it('leaves a link alone that leads elsewhere', async () => {
    await world.machine.remove(`${SIGNER}/current`);
    await symlink('/srv/signer', world.machine.path(`${SIGNER}/current`));

    const result = await world.release();

    expect(lastLine(result)).toContain('leads elsewhere');
    expect(result.exitCode).toBe(1);
  });

  it.each<[string, Record<string, string>]>([
    ['action', { action: 'destroy' }],
    ['directory', { directory: 'opt/vvp' }],
    ['directory', { directory: '/opt/../etc' }],
    ['directory', { directory: '/opt/$(touch /evil)' }],
    ['directory', { directory: '/opt/vvp\n/evil' }],
    ['unit', { unit: '--all.service' }],
    ['unit', { unit: 'signer' }],
    ['release', { release: 'main' }],
    ['keep', { keep: '1' }],
    ['archive_url', { archive_url: 'http://store.example.test/a?sig=secret' }],
    ['archive_url', { archive_url: 'https://store.example.test/"a' }],
    ['archive_sha256', { archive_sha256: 'abc' }],
    ['health_url', { health_url: 'file:///etc/shadow' }],
    ['health_statuses', { health_statuses: '200|.*' }],
    ['health_seconds', { health_seconds: '601' }],
    ['udp_port', { udp_port: '5070 or sport = :22' }],
    ['key_variable', { key_variable: 'A B' }],
    ['key_header', { key_header: 'X: y\r\nHost' }],
    ['environment_file', { environment_file: '' }],
    ['health_url', { health_url: '' }],
  ])('refuses a bad %s', async (name, parameters) => {
    const result = await world.release(parameters);

    expect(result.stdout).toMatch(
      new RegExp(`^nothing changed: ${name} (is missing|has ).*Set it to`),
    );
    expect(result.stdout).not.toContain('secret');
    expect(result.exitCode).toBe(64);
    expect(await lookAtSigner(world)).toEqual(signer.before);
  });

  describe('as a rollback', () => {
    const rollback = {
      action: 'rollback',
      archive_url: '',
      archive_sha256: '',
    };

    it('lists what is there if none is chosen', async () => {
      await world.machine.write(
        `${SIGNER}/releases/${commits.gone}/.incomplete`,
        '',
      );

      const result = await world.release({ ...rollback, release: '' });

      expect(result.stdout.split('\n')).toEqual([
        expect.stringMatching(`^  .*Z ${commits.gone} \\(incomplete\\)$`),
        expect.stringMatching(`^\\* .*Z ${commits.current}$`),
        expect.stringMatching(`^  .*Z ${commits.previous}$`),
        expect.stringMatching(`^  .*Z ${commits.older}$`),
        'listed 4 releases, newest first: choose one by its name',
        '',
      ]);
      expect(result.exitCode).toBe(0);
    });

    it('puts a release back and removes none', async () => {
      const result = await world.release({
        ...rollback,
        release: commits.older,
        keep: '2',
      });

      expect(result.stdout).toBe(`put back ${commits.older}\n`);
      expect(await lookAtSigner(world)).toEqual({
        ...signer.before,
        linked: commits.older,
        running: commits.older,
      });
    });

    it('goes back if that release does not come up', async () => {
      await world.machine.setBad(SIGNER_UNIT, [commits.older]);

      const result = await world.release({
        ...rollback,
        release: commits.older,
      });

      expect(lastLine(result)).toBe(`rolled back to ${commits.current}`);
      expect(result.exitCode).toBe(2);
      expect(await lookAtSigner(world)).toEqual(signer.before);
    });

    it.each([
      ['is gone', commits.gone],
      ['is a path', '../releases'],
    ])('changes nothing if it %s', async (_, release) => {
      const result = await world.release({ ...rollback, release });

      expect(lastLine(result)).toMatch(/^nothing changed: .*Leave out|Set it/);
      expect(await lookAtSigner(world)).toEqual(signer.before);
    });
  });

  it("waits for the portal's scripts, by the lock that they take", async () => {
    const { machine } = world;
    await machine.write(
      '/usr/local/bin/flock',
      '#!/bin/bash\n: >"$SIM/waiting"\nexec /usr/bin/flock "$@"\n',
      { mode: 0o755 },
    );
    const state = `/var/lib/backstage-deploy/${sha256Of(SIGNER).slice(0, 24)}`;
    const portal = machine.runScript(
      [
        '#!/bin/bash',
        "PATH='/usr/bin'",
        `state='${state}'`,
        '# As common.sh does.',
        'mkdir -p -m 700 -- "$state"',
        'exec 9>>"$state/lock"',
        'flock -n 9 || exit 1',
        ': >"$SIM/held"',
        'until [[ -e $SIM/go ]]; do sleep 0.01; done',
        'echo "portal" >>"$SIM/changes"',
      ].join('\n'),
    );
    await until(() => machine.exists('/sim/held'));

    const release = world.release();
    await until(() => machine.exists('/sim/waiting'));
    await machine.write('/sim/go', '');

    expect((await portal).exitCode).toBe(0);
    expect(lastLine(await release)).toBe(`deployed ${commits.pushed}`);
    expect(await machine.changes()).toEqual([
      'portal',
      expect.stringContaining('restart'),
    ]);
  });

  it('leaves everything alone where the lock is not to be had', async () => {
    await world.machine.write('/usr/local/bin/flock', '#!/bin/bash\nexit 1\n', {
      mode: 0o755,
    });

    const result = await world.release();
    await world.machine.remove('/usr/local/bin/flock');

    expect(lastLine(result)).toBe(
      'nothing changed: Another script works on this service.',
    );
    expect(result.exitCode).toBe(75);
    expect(await lookAtSigner(world)).toEqual(signer.before);
  });

  it('reads the key where the portal reads it', async () => {
    const before = await world.machine.read(ENVIRONMENT_FILE);

    const result = await world.release();

    expect(before).toContain('VVP_STATUS_ADMIN_KEY=overridden');
    expect(result.exitCode).toBe(0);
    expect(result.stdout).not.toContain('status-key');
  });
});

describe('vm-release.sh on a machine without chroot', () => {
  it('puts a release in place', async () => {
    const world = await startVmWorld('mapped');

    const result = await world.release();

    expect(lastLine(result)).toBe(`deployed ${commits.pushed}`);
    expect(await lookAtSigner(world)).toEqual(signer.after);
    await world.stop();
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    await new Promise(resolve => {
      setTimeout(resolve, 10);
    });
  }
}
