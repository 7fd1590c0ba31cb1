import {
  chmod,
  mkdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { GeneratedFile, isEdited } from '../generate';
import { assertNoLink, lacksExecution } from './inFolder';

/** What became of the files; with `edited` ones nothing was written. */
export interface Written {
  /** Files that somebody changed by hand, or that are not this tool's. */
  edited: string[];
  written: string[];
  unchanged: string[];
}

/**
 * Writes all files or none: first everything beside its place, then each into it.
 *
 * @throws InputError where a symbolic link leads out of the folder, Error of the file system
 */
export async function writeFiles(
  files: readonly GeneratedFile[],
  { folder, force }: { folder: string; force: boolean },
): Promise<Written> {
  const found = await Promise.all(
    files.map(async file => {
      await assertNoLink(folder, file.path);
      const place = path.join(folder, file.path);
      const present = await readIfThere(place);
      const isSame =
        present === file.content && !(await lacksExecution(place, file));
      return { file, present, isSame };
    }),
  );
  const changed = found.filter(({ isSame }) => !isSame);
  const edited = changed
    .filter(
      ({ file, present }) =>
        present !== undefined && present !== file.content && isEdited(present),
    )
    .map(({ file }) => file.path);
  const unchanged = found
    .filter(({ isSame }) => isSame)
    .map(({ file }) => file.path);
  if (edited.length > 0 && !force) {
    return { edited, written: [], unchanged };
  }
  await replaceAll(
    changed.map(({ file }) => file),
    folder,
  );
  return {
    edited: [],
    written: changed.map(({ file }) => file.path),
    unchanged,
  };
}

async function replaceAll(
  files: readonly GeneratedFile[],
  folder: string,
): Promise<void> {
  const pending: { from: string; to: string }[] = [];
  try {
    for (const { path: name, content, executable } of files) {
      const to = path.join(folder, name);
      const from = `${to}.${process.pid}.new`;
      await mkdir(path.dirname(to), { recursive: true });
      pending.push({ from, to });
      await writeFile(from, content);
      await chmod(from, executable ? 0o755 : 0o644);
    }
    for (const { from, to } of pending) {
      await rename(from, to);
    }
  } finally {
    await Promise.all(pending.map(({ from }) => rm(from, { force: true })));
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
