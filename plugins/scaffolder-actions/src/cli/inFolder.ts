import { lstat, stat } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '@backstage/errors';
import { GeneratedFile } from '../generate';

/**
 * Makes sure that a path below a folder leads through no symbolic link: what is written there would be elsewhere.
 *
 * @throws InputError with the name of the link
 */
export async function assertNoLink(
  folder: string,
  name: string,
): Promise<void> {
  let current = folder;
  for (const segment of path.normalize(name).split(path.sep)) {
    current = path.join(current, segment);
    if (await isLink(current)) {
      throw new InputError(
        `Nothing was written: ${current} is a symbolic link. Put a file or a directory there.`,
      );
    }
  }
}

/** Whether there is a symbolic link at a path. */
export async function isLink(file: string): Promise<boolean> {
  try {
    return (await lstat(file)).isSymbolicLink();
  } catch (error) {
    if (isMissing(error)) {
      return false;
    }
    throw error;
  }
}

/** Whether a file that is there lacks the right to be executed, without which no job can call it. */
export async function lacksExecution(
  file: string,
  { executable }: GeneratedFile,
): Promise<boolean> {
  // Windows has no such right; Git keeps it in its index there.
  if (!executable || process.platform === 'win32') {
    return false;
  }
  try {
    // eslint-disable-next-line no-bitwise
    return ((await stat(file)).mode & 0o100) === 0;
  } catch (error) {
    if (isMissing(error)) {
      return false;
    }
    throw error;
  }
}

/** Whether an error says that there is nothing at a path. */
export function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
