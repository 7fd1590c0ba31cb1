import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '@backstage/errors';
import { WorkflowFile } from '../lint';

/**
 * The workflow files that are named: files, and folders with theirs; a folder with `.github/workflows` means
 * those.
 *
 * @throws InputError for a name that is not there, or a folder without any
 */
export async function findWorkflows(
  names: readonly string[],
): Promise<WorkflowFile[]> {
  const lists = await Promise.all(names.map(filesOf));
  return await Promise.all(
    [...new Set(lists.flat())].map(async file => ({
      file,
      text: await readFile(file, 'utf8'),
    })),
  );
}

async function filesOf(name: string): Promise<string[]> {
  if (!(await isFolder(name))) {
    return [name];
  }
  const own = path.join(name, '.github', 'workflows');
  const folder = (await isFolder(own, false)) ? own : name;
  const files = (await readdir(folder))
    .filter(file => /\.ya?ml$/.test(file))
    .sort();
  if (files.length === 0) {
    throw new InputError(
      `${name}: no workflow is there. Name a file, or a folder with .yml files.`,
    );
  }
  return files.map(file => path.join(folder, file));
}

async function isFolder(name: string, mustBeThere = true): Promise<boolean> {
  try {
    return (await stat(name)).isDirectory();
  } catch (error) {
    if (mustBeThere) {
      throw new InputError(`${name}: there is no such file or folder.`);
    }
    return false;
  }
}
