import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SCRIPTS } from './vmWorld';

jest.setTimeout(240_000);

/** ShellCheck of an npm package: the same version everywhere. */
const shellcheck = join(SCRIPTS, '../../src/lint/__testUtils__/shellcheck.mjs');

describe('scripts of a deployment to a virtual machine', () => {
  it('have nothing that ShellCheck finds', async () => {
    const { stdout } = await promisify(execFile)(shellcheck, [
      '--format=json1',
      '--exclude=SC1091',
      ...[
        'vm-release.sh',
        'vm-config-file.sh',
        'azure-vm-run.sh',
        'azure-vm-release.sh',
        'azure-vm-config-file.sh',
      ].map(name => join(SCRIPTS, name)),
    ]).catch(error => error);

    expect(JSON.parse(stdout)).toEqual({ comments: [] });
  });
});
