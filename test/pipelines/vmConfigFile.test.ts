import { symlink } from 'node:fs/promises';
import { Machine } from '../simulators/vm';
import { backups, DIALPLAN, dialplanOf } from '../simulators/vm/pbx';
import {
  after,
  before,
  BROKEN,
  COMMIT,
  NEW,
  VmConfigFileWorld,
} from './vmConfigFileWorld';
import { lastLine } from './vmWorld';

jest.setTimeout(240_000);

describe('vm-config-file.sh', () => {
  let world: VmConfigFileWorld;
  let machine: Machine;

  beforeAll(async () => {
    world = await VmConfigFileWorld.start();
    ({ machine } = world);
  });

  beforeEach(() => world.reset());

  afterAll(() => world.stop());

  it('puts a file in place after a backup, and has it read', async () => {
    const result = await world.send(NEW);

    expect(result).toEqual({
      stdout: expect.stringMatching(
        new RegExp(`^deployed .*; what was there before is public\\.xml\\.\\d`),
      ),
      stderr: '',
      exitCode: 0,
    });
    expect(await world.look()).toEqual(after);
    expect(await machine.changes()).toEqual([
      expect.stringContaining('reloadxml'),
    ]);
  });

  it('gives the file the owner it is to have, and the mode it had', async () => {
    await world.send(NEW);

    const owner = await machine.owner(DIALPLAN);

    // Only root can give files away.
    expect(owner).toBe(machine.kind === 'chroot' ? '640 33:33' : owner);
    expect(owner).toMatch(/^640 /);
  });

  it('does nothing if the file is there already', async () => {
    await world.send(NEW);
    await machine.clearChanges();

    const result = await world.send(NEW);

    expect(lastLine(result)).toMatch(/^already there: /);
    expect(result.exitCode).toBe(0);
    expect(await world.look()).toEqual(after);
    expect(await machine.changes()).toEqual([]);
  });

  describe('tells which commit the file is of', () => {
    const UNKNOWN = `told: ${DIALPLAN} is of no commit that is known`;
    const told = async () => lastLine(await world.tell());

    it('that came, and of the newest that had the same', async () => {
      await world.send(NEW);
      expect(await told()).toBe(`told: ${DIALPLAN} is of ${COMMIT}`);

      const newer = 'd'.repeat(40);
      await world.send(NEW, { commit: newer });
      await machine.clearChanges();

      expect(await told()).toBe(`told: ${DIALPLAN} is of ${newer}`);
      expect(await machine.changes()).toEqual([]);
    });

    it('but of none that somebody has replaced, that came by hand, or that was put back', async () => {
      expect(await told()).toBe(UNKNOWN);
      await world.send(NEW);
      await machine.write(DIALPLAN, dialplanOf('by somebody'));
      expect(await told()).toBe(UNKNOWN);

      await world.send(NEW.replace('new', 'by hand'), { commit: '' });
      expect(await told()).toBe(UNKNOWN);

      await world.send(BROKEN);
      expect(await told()).toBe(UNKNOWN);
    });

    it('and of none where there is none', async () => {
      await machine.remove(DIALPLAN);

      const result = await world.tell();

      expect(lastLine(result)).toBe(
        `nothing changed: There is no file ${DIALPLAN}.`,
      );
      expect(result.exitCode).toBe(1);
    });
  });

  it('makes no second copy of what is in the backups', async () => {
    await machine.write(DIALPLAN, dialplanOf(backups.previous));

    const result = await world.send(NEW);

    expect(lastLine(result)).toContain(`before is ${backups.previous}`);
    expect((await world.look()).copies).toEqual([]);
  });

  it('puts a first file in place', async () => {
    await machine.remove(DIALPLAN);

    const result = await world.send(NEW);

    expect(lastLine(result)).toBe(`deployed ${DIALPLAN}`);
    expect(await world.look()).toEqual({ ...after, copies: [] });
  });

  it('brings back what was there if FreeSWITCH does not take the file', async () => {
    const result = await world.send(BROKEN);

    expect(result.stdout).toContain('unexpected closing tag');
    expect(lastLine(result)).toMatch(/^restored: public\.xml\.\d{8}T\d{6}Z$/);
    expect(result.exitCode).toBe(2);
    expect(await world.look()).toEqual({
      ...before,
      copies: [dialplanOf('live')],
    });
    expect(await machine.changes()).toHaveLength(2);
    expect(lastLine(await world.send(NEW))).toMatch(/^deployed /);
    expect(await world.look()).toEqual(after);
  });

  it('takes out a first file that FreeSWITCH does not take', async () => {
    await machine.remove(DIALPLAN);

    const result = await world.send(BROKEN);

    expect(result.exitCode).toBe(2);
    expect(lastLine(result)).toBe('restored: no file, as before');
    expect(await machine.exists(DIALPLAN)).toBe(false);
  });

  it('says what is broken if FreeSWITCH takes neither', async () => {
    await machine.setBadFiles([dialplanOf('live')]);

    const result = await world.send(BROKEN);

    expect(lastLine(result)).toMatch(/^still broken: FreeSWITCH did not read/);
    expect(result.exitCode).toBe(3);
    expect((await world.look()).live).toBe(dialplanOf('live'));
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
    const result = await world.send(NEW, (await prepare()) ?? {});

    expect(lastLine(result)).toMatch(/^nothing changed: /);
    expect(lastLine(result)).toContain(message);
    expect(result.exitCode).toBe(1);
    expect((await world.look()).loaded).toBe(before.loaded);
    expect(await machine.changes()).toEqual([]);
  });

  it('changes nothing if the owner is not known', async () => {
    const result = await world.send(NEW, { owner: 'nobody-here' });

    // Only root can give files away.
    const root = machine.kind === 'chroot';
    expect(result.exitCode).toBe(root ? 1 : 0);
    expect(lastLine(result)).toMatch(root ? /^nothing changed: / : /^deployed/);
    expect((await world.look()).live).toBe(root ? before.live : NEW);
  });

  it.each<[string, Record<string, string>]>([
    ['path', { path: 'public.xml' }],
    ['path', { path: '/etc/../public.xml' }],
    ['path', { path: '/etc/a b' }],
    ['backup_directory', { backup_directory: '/etc/$(id)' }],
    ['owner', { owner: 'root; id' }],
    ['reload', { reload: 'nginx' }],
    ['sha256', { sha256: 'abc' }],
    ['commit', { commit: 'main' }],
    ['action', { action: 'remove' }],
    ['content', { content: 'a\nb' }],
    ['content', { content: '' }],
  ])('refuses a bad %s', async (name, parameters) => {
    const result = await world.send(NEW, parameters);

    expect(result.stdout).toMatch(
      new RegExp(`^nothing changed: ${name} (is missing|has ).*Set it to`),
    );
    expect(result.exitCode).toBe(64);
    expect(await world.look()).toEqual({ ...before, copies: [] });
  });
});
