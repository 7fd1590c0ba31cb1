import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Git asks it before it moves a branch; what it says is told to who pushes. */
const UPDATE_HOOK = `#!/bin/sh
grep -Fxq -- "$1" protected-refs || exit 0
echo "GH006: Protected branch update failed for $1." >&2
echo "Changes must be made through a pull request." >&2
exit 1
`;

/** Has git refuse every push to these branches. */
export async function refusePushes(
  directory: string,
  branches: readonly string[],
): Promise<void> {
  await writeFile(
    join(directory, 'protected-refs'),
    branches.map(branch => `refs/heads/${branch}\n`).join(''),
  );
  await mkdir(join(directory, 'hooks'), { recursive: true });
  const hook = join(directory, 'hooks/update');
  await writeFile(hook, UPDATE_HOOK);
  await chmod(hook, 0o755);
}
