import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SCRIPTS } from './vmWorld';

jest.setTimeout(60_000);

/** ShellCheck of an npm package: the same version everywhere. */
const shellcheck = join(SCRIPTS, '../../src/lint/__testUtils__/shellcheck.mjs');

describe('scripts of a deployment to a virtual machine', () => {
  it.each([
    'vm-release.sh',
    'vm-config-file.sh',
    'azure-vm-run.sh',
    'azure-vm-release.sh',
    'azure-vm-config-file.sh',
  ])('%s has nothing that ShellCheck finds', async name => {
    const { stdout } = await promisify(execFile)(shellcheck, [
      '--format=json1',
      '--exclude=SC1091',
      join(SCRIPTS, name),
    ]);

    expect(JSON.parse(stdout)).toEqual({ comments: [] });
  });
});
