import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { NewCommit } from './GitRepository';

/** All files below a folder, and which of them may be executed. */
export async function readFolder(
  folder: string,
): Promise<Required<Pick<NewCommit, 'files' | 'executable'>>> {
  const entries = await readdir(folder, {
    recursive: true,
    withFileTypes: true,
  });
  const paths = entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  const files: NewCommit['files'] = new Map();
  const executable = new Set<string>();
  for (const path of paths) {
    const name = path.slice(folder.length + 1);
    files.set(name, await readFile(path));
    // eslint-disable-next-line no-bitwise
    if ((await stat(path)).mode & 0o100) executable.add(name);
  }
  return { files, executable };
}
