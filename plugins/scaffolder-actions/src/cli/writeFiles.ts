import {
  chmod,
  copyFile,
  mkdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {
  GeneratedFile,
  isEditedFile,
  readSums,
  SUMS,
  withUnixLines,
} from '../generate';
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
  await assertNoLink(folder, SUMS);
  const sums = readSums(await readIfThere(path.join(folder, SUMS)));
  const found = await Promise.all(
    files.map(async file => {
      await assertNoLink(folder, file.path);
      const place = path.join(folder, file.path);
      const present = await readIfThere(place);
      const isSame =
        isSameText(present, file.content) &&
        !(await lacksExecution(place, file));
      return { file, present, isSame };
    }),
  );
  const changed = found.filter(({ isSame }) => !isSame);
  const edited = changed
    .filter(
      ({ file, present }) =>
        present !== undefined &&
        !isSameText(present, file.content) &&
        isEditedFile(file.path, present, sums),
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

/** Whether a file says what it is to say, whatever ends its lines in this checkout. */
export function isSameText(
  present: string | undefined,
  content: string,
): boolean {
  return present !== undefined && withUnixLines(present) === content;
}

async function replaceAll(
  files: readonly GeneratedFile[],
  folder: string,
): Promise<void> {
  const pending: { from: string; to: string }[] = [];
  const replaced: { to: string; old?: string }[] = [];
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
      const old = await keep(to);
      replaced.push({ to, old });
      await rename(from, to);
    }
  } catch (error) {
    for (const { to, old } of replaced.reverse()) {
      await (old === undefined ? rm(to, { force: true }) : rename(old, to));
    }
    throw error;
  } finally {
    const left = [
      ...pending.map(({ from }) => from),
      ...replaced.flatMap(({ old }) => old ?? []),
    ];
    await Promise.all(left.map(file => rm(file, { force: true })));
  }
}

/** Where what stands in a file is kept for the time being; undefined if there is none. */
async function keep(file: string): Promise<string | undefined> {
  const aside = `${file}.${process.pid}.old`;
  try {
    await copyFile(file, aside);
    return aside;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
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
