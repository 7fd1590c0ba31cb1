import { chooseJail } from './jail';
import { JailKind, Machine } from './index';
import { commits, furnishPbx, SIGNER, SIGNER_UNIT } from './pbx';

jest.setTimeout(240_000);

// Without root there is no chroot; both kinds are shown where both can be.
const kinds: JailKind[] =
  chooseJail() === 'chroot' ? ['chroot', 'mapped'] : ['mapped'];

describe.each(kinds)('a simulated machine (%s)', kind => {
  let machine: Machine;

  beforeEach(async () => {
    machine = await Machine.create(kind);
    await furnishPbx(machine);
  });

  afterEach(async () => {
    await machine.destroy();
  });

  /** A script as the target builds them: values first, then a comment, then the rest. */
  function script(...body: string[]): string {
    return [
      '#!/bin/bash',
      "PATH='/usr/local/bin:/usr/bin'",
      `directory='${SIGNER}'`,
      '# The rest.',
      'export PATH',
      ...body,
    ].join('\n');
  }

  it('runs a script with real commands in its own tree', async () => {
    const result = await machine.runScript(
      script(
        'ln -sfnT -- releases/one "$directory/current.new"',
        'mv -Tf -- "$directory/current.new" "$directory/current"',
        'echo done; echo problem >&2; exit 3',
      ),
    );

    expect(result).toEqual({
      stdout: 'done\n',
      stderr: 'problem\n',
      exitCode: 3,
    });
    expect(await machine.linked(SIGNER)).toBe('one');
  });

  it('runs the release that the link points at when the unit is started', async () => {
    await machine.runScript(
      script(
        `ln -sfnT releases/${commits.older} "$directory/current"`,
        `systemctl show -p ActiveState,SubState,NRestarts -- ${SIGNER_UNIT} >&2`,
      ),
    );
    const before = await machine.running(SIGNER_UNIT);

    await machine.runScript(script(`systemctl restart -- ${SIGNER_UNIT}`));

    expect(before).toBe(commits.current);
    expect(await machine.running(SIGNER_UNIT)).toBe(commits.older);
    expect(await machine.changes()).toHaveLength(1);
  });

  it.each([
    'systemctl stop signer.service',
    'ss -tlnp',
    'curl http://127.0.0.1/',
    'journalctl -f',
    'fs_cli -x shutdown',
  ])('refuses what it does not simulate: %s', async line => {
    const result = await machine.runScript(script(line));

    expect(result.stderr).toContain('not simulated');
    expect(result.exitCode).not.toBe(0);
  });

  it('dies as a whole, also below timeout', async () => {
    await machine.dieAfter(1);

    const result = await machine.runScript(
      script(
        'echo one; mkdir "$directory/one"',
        `timeout 10 systemctl restart -- ${SIGNER_UNIT}`,
        'echo never',
      ),
    );

    expect(result.stdout).toBe('one\n');
    expect(await machine.hasDied()).toBe(true);
    expect(await machine.exists(`${SIGNER}/one`)).toBe(true);
    expect(await machine.changes()).toEqual([]);
  });

  it('has no room on a full disk', async () => {
    await machine.fillDisk(true);

    const result = await machine.runScript(script('mkdir "$directory/one"'));

    expect(result.stderr).toContain('No space left on device');
    expect(await machine.exists(`${SIGNER}/one`)).toBe(false);
  });
});
