import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Of } from '../simulators/azure-cli';
import { Machine, ScriptResult } from '../simulators/vm';
import {
  BACKUPS,
  backups,
  DIALPLAN,
  dialplanOf,
  furnishPbx,
} from '../simulators/vm/pbx';
import { lastLine, SCRIPTS } from './vmWorld';

jest.setTimeout(60_000);

const NEW = '<include><!-- new --></include>\n';
const BROKEN = '<include><broken></include>\n';
/** More commands that change something than any run has. */
const MOST_COMMANDS = 40;

describe('vm-config-file.sh', () => {
  let machine: Machine;
  let script: string;

  beforeAll(async () => {
    script = await readFile(join(SCRIPTS, 'vm-config-file.sh'), 'utf8');
    machine = await Machine.create();
    await furnishPbx(machine);
  });

  beforeEach(reset);

  afterAll(async () => {
    await machine.destroy();
  });

  async function reset(): Promise<void> {
    await machine.dieAfter(undefined);
    await machine.failAfter(undefined);
    await machine.fillDisk(false);
    await machine.remove('/var/lib/backstage-deploy');
    for (const name of await machine.list(BACKUPS)) {
      if (!Object.values(backups).includes(name)) {
        await machine.remove(`${BACKUPS}/${name}`);
      }
    }
    await machine.remove(DIALPLAN);
    // Changed by hand since the last backup.
    await machine.write(DIALPLAN, dialplanOf('live'), { mode: 0o640 });
    await machine.useFreeswitch(DIALPLAN);
    await machine.clearChanges();
  }

  function send(
    text: string,
    parameters: Record<string, string> = {},
  ): Promise<ScriptResult> {
    return machine.runScript(script, {
      content: Buffer.from(text).toString('base64'),
      sha256: sha256Of(text),
      path: DIALPLAN,
      backup_directory: BACKUPS,
      owner: 'www-data:www-data',
      reload: 'freeswitch-xml',
      ...parameters,
    });
  }

  /** What lies there, what FreeSWITCH runs with, and the new copies with what they hold. */
  async function look(): Promise<{
    live?: string;
    loaded?: string;
    copies: (string | undefined)[];
    leftovers: string[];
  }> {
    const names = await machine.list(BACKUPS);
    const copies = names.filter(name =>
      /^public\.xml\.\d{8}T\d{6}Z$/.test(name),
    );
    const known = [...copies, ...Object.values(backups)];
    return {
      live: await machine.read(DIALPLAN),
      loaded: await machine.loaded(),
      copies: await Promise.all(
        copies.map(name => machine.read(`${BACKUPS}/${name}`)),
      ),
      leftovers: [
        ...names.filter(name => !known.includes(name)),
        ...(await machine.list(`${DIALPLAN}/..`)).filter(name =>
          name.startsWith('.'),
        ),
      ],
    };
  }

  const before = {
    live: dialplanOf('live'),
    loaded: dialplanOf('live'),
    leftovers: [],
  };
  const after = {
    live: NEW,
    loaded: NEW,
    copies: [dialplanOf('live')],
    leftovers: [],
  };

  it('puts a file in place after a backup, and has it read', async () => {
    const result = await send(NEW);

    expect(result).toEqual({
      stdout: expect.stringMatching(
        new RegExp(`^deployed .*; what was there before is public\\.xml\\.\\d`),
      ),
      stderr: '',
      exitCode: 0,
    });
    expect(await look()).toEqual(after);
    expect(await machine.changes()).toEqual([
      expect.stringContaining('reloadxml'),
    ]);
  });

  it('gives the file the owner it is to have, and the mode it had', async () => {
    await send(NEW);

    const owner = await machine.owner(DIALPLAN);

    // Only root can give files away.
    expect(owner).toBe(machine.kind === 'chroot' ? '640 33:33' : owner);
    expect(owner).toMatch(/^640 /);
  });

  it('does nothing if the file is there already', async () => {
    await send(NEW);
    await machine.clearChanges();

    const result = await send(NEW);

    expect(lastLine(result)).toMatch(/^already there: /);
    expect(result.exitCode).toBe(0);
    expect(await look()).toEqual(after);
    expect(await machine.changes()).toEqual([]);
  });

  it('makes no second copy of what is in the backups', async () => {
    await machine.write(DIALPLAN, dialplanOf(backups.previous));

    const result = await send(NEW);

    expect(lastLine(result)).toContain(`before is ${backups.previous}`);
    expect((await look()).copies).toEqual([]);
  });

  it('puts a first file in place', async () => {
    await machine.remove(DIALPLAN);

    const result = await send(NEW);

    expect(lastLine(result)).toBe(`deployed ${DIALPLAN}`);
    expect(await look()).toEqual({ ...after, copies: [] });
  });

  it('brings back what was there if FreeSWITCH does not take the file', async () => {
    const result = await send(BROKEN);

    expect(result.stdout).toContain('unexpected closing tag');
    expect(lastLine(result)).toMatch(/^restored: public\.xml\.\d{8}T\d{6}Z$/);
    expect(result.exitCode).toBe(2);
    expect(await look()).toEqual({ ...before, copies: [dialplanOf('live')] });
    expect(await machine.changes()).toHaveLength(2);
    expect(lastLine(await send(NEW))).toMatch(/^deployed /);
    expect(await look()).toEqual(after);
  });

  it('takes out a first file that FreeSWITCH does not take', async () => {
    await machine.remove(DIALPLAN);

    const result = await send(BROKEN);

    expect(result.exitCode).toBe(2);
    expect(lastLine(result)).toBe('restored: no file, as before');
    expect(await machine.exists(DIALPLAN)).toBe(false);
  });

  it('says what is broken if FreeSWITCH takes neither', async () => {
    await machine.setBadFiles([dialplanOf('live')]);

    const result = await send(BROKEN);

    expect(lastLine(result)).toMatch(/^still broken: FreeSWITCH did not read/);
    expect(result.exitCode).toBe(3);
    expect((await look()).live).toBe(dialplanOf('live'));
  });

  it.each<[string, string, () => Promise<Record<string, string> | void>]>([
    [
      'the hash differs',
      'SHA-256 differs',
      async () => ({ sha256: '0'.repeat(64) }),
    ],
    [
      'the content is no base64',
      'cannot be decoded',
      async () => ({ content: 'A' }),
    ],
    [
      'the file is a link',
      'not a plain file',
      async () => {
        await machine.remove(DIALPLAN);
        await symlink('backup', machine.path(DIALPLAN));
      },
    ],
    [
      'its directory is not there',
      'There is no directory',
      async () => ({ path: '/etc/none/public.xml' }),
    ],
    [
      'the disk is full',
      'No space left on device',
      () => machine.fillDisk(true),
    ],
  ])('changes nothing if %s', async (_, message, prepare) => {
    const result = await send(NEW, (await prepare()) ?? {});

    expect(lastLine(result)).toMatch(/^nothing changed: /);
    expect(lastLine(result)).toContain(message);
    expect(result.exitCode).toBe(1);
    expect((await look()).loaded).toBe(before.loaded);
    expect(await machine.changes()).toEqual([]);
  });

  it('changes nothing if the owner is not known', async () => {
    const result = await send(NEW, { owner: 'nobody-here' });

    // Only root can give files away.
    const root = machine.kind === 'chroot';
    expect(result.exitCode).toBe(root ? 1 : 0);
    expect(lastLine(result)).toMatch(root ? /^nothing changed: / : /^deployed/);
    expect((await look()).live).toBe(root ? before.live : NEW);
  });

  it.each<[string, Record<string, string>]>([
    ['path', { path: 'public.xml' }],
    ['path', { path: '/etc/../public.xml' }],
    ['path', { path: '/etc/a b' }],
    ['backup_directory', { backup_directory: '/etc/$(id)' }],
    ['owner', { owner: 'root; id' }],
    ['reload', { reload: 'nginx' }],
    ['sha256', { sha256: 'abc' }],
    ['content', { content: 'a\nb' }],
    ['content', { content: '' }],
  ])('refuses a bad %s', async (name, parameters) => {
    const result = await send(NEW, parameters);

    expect(result.stdout).toMatch(
      new RegExp(`^nothing changed: ${name} (is missing|has ).*Set it to`),
    );
    expect(result.exitCode).toBe(64);
    expect(await look()).toEqual({ ...before, copies: [] });
  });

  /** See `vmReleaseKills.test.ts`. */
  async function disturbEverywhere(
    how: {
      text: string;
      disturb: (commands: number) => Promise<void>;
      wasDisturbed: () => Promise<boolean>;
    },
    check: (result: ScriptResult) => Promise<void>,
  ): Promise<number> {
    for (let commands = 0; commands < MOST_COMMANDS; commands += 1) {
      await reset();
      await how.disturb(commands);
      const result = await send(how.text);
      const disturbed = await how.wasDisturbed();
      await machine.dieAfter(undefined);
      await machine.failAfter(undefined);
      if (!disturbed) {
        return commands;
      }
      await check(result);
    }
    throw new Error('It never got to its end.');
  }

  const death = {
    disturb: (commands: number) => machine.dieAfter(commands),
    wasDisturbed: () => machine.hasDied(),
  };

  it('is healed by the next run wherever the machine dies', async () => {
    const deaths = await disturbEverywhere(
      { ...death, text: NEW },
      async () => {
        expect([dialplanOf('live'), NEW]).toContain((await look()).live);

        const second = await send(NEW);

        expect(lastLine(second)).toMatch(/^(deployed|already there)/);
        expect(await look()).toEqual(after);
      },
    );

    expect(deaths).toBeGreaterThan(10);
    process.stdout.write(`vm-config-file: ${deaths} kills forward\n`);
  });

  it('brings back what was there wherever the machine dies on the way back', async () => {
    const deaths = await disturbEverywhere(
      { ...death, text: BROKEN },
      async () => {
        const second = await send(BROKEN);

        expect(lastLine(second)).toMatch(/^restored: /);
        expect(await look()).toEqual({
          ...before,
          copies: [dialplanOf('live')],
        });
      },
    );

    expect(deaths).toBeGreaterThan(15);
    process.stdout.write(`vm-config-file: ${deaths} kills backward\n`);
  });

  it('leaves what was there wherever a command fails', async () => {
    const failures = await disturbEverywhere(
      {
        text: NEW,
        disturb: commands => machine.failAfter(commands),
        wasDisturbed: () => machine.hasFailed(),
      },
      async ({ exitCode, stdout }) => {
        const seen = await look();
        expect(seen).toMatchObject(exitCode === 0 ? after : before);
        expect(stdout).toMatch(
          exitCode === 0 ? /deployed / : /(nothing changed|restored): /,
        );

        await send(NEW);

        expect(await look()).toEqual(after);
      },
    );

    expect(failures).toBeGreaterThan(10);
    process.stdout.write(`vm-config-file: ${failures} failures\n`);
  });
});
