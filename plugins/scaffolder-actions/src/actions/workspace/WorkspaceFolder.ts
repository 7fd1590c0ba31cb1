import { Dirent } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { InputError, NotAllowedError } from '@backstage/errors';
import { isLink, isMissing, lacksExecution } from '../../cli/inFolder';
import { findTrustLeftOver } from '../../cli/leftOver';
import { isSameText, writeFiles } from '../../cli/writeFiles';
import {
  GeneratedFile,
  isEdited,
  isEditedFile,
  readHeader,
  readSums,
  SUMS,
} from '../../generate';
import { SCRIPTS } from '../../generate/generatePipeline';

/** No `deploy.yaml` and no workflow is larger; what is, is not read. */
const LARGEST_BYTES = 4 * 1024 * 1024;

/** Files of a generated pipeline, told apart by what writing them would do. */
export interface Comparison {
  /** Somebody changed these by hand, or they are not of this tool. */
  edited: string[];
  /** Not there, or not as they should be; the edited ones among them. */
  changed: GeneratedFile[];
  unchanged: string[];
  /** What stands in those that are there, by path. */
  present: ReadonlyMap<string, string>;
}

/** A folder of a scaffolder workspace. Nothing outside it is read or written, and no symbolic link is followed. */
export class WorkspaceFolder {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  /**
   * @param field - how errors call the input that names the folder
   * @throws NotAllowedError if the folder is outside the workspace, or a link
   */
  static async open(
    workspacePath: string,
    directory: string,
    field: string,
  ): Promise<WorkspaceFolder> {
    const folder = new WorkspaceFolder(workspacePath);
    return new WorkspaceFolder(await folder.#resolve(directory, field));
  }

  /** @throws InputError if it is not there, or too large */
  async read(name: string, field: string): Promise<string> {
    const text = await this.#readIfThere(name, field);
    if (text === undefined) {
      throw new InputError(
        `${field}: there is no ${name}. Name a file of the workspace, or fetch the repository first.`,
      );
    }
    return text;
  }

  /** Names of the workflows that are there. */
  async workflows(): Promise<string[]> {
    const names = await this.#filesIn('.github/workflows');
    return names.filter(name => /\.ya?ml$/.test(name));
  }

  async #filesIn(folder: string): Promise<string[]> {
    const names = await this.#namesIn(folder, entry => entry.isFile());
    return names.map(name => `${folder}/${name}`);
  }

  async #namesIn(
    folder: string,
    isMeant: (entry: Dirent) => boolean,
  ): Promise<string[]> {
    try {
      const entries = await readdir(await this.#resolve(folder, 'directory'), {
        withFileTypes: true,
      });
      return entries
        .filter(isMeant)
        .map(({ name }) => name)
        .sort();
    } catch (error) {
      if (isMissing(error)) {
        return [];
      }
      throw error;
    }
  }

  /** What writing these files would do. */
  async compare(files: readonly GeneratedFile[]): Promise<Comparison> {
    const sums = readSums(await this.#readIfThere(SUMS, 'directory'));
    const found = await Promise.all(
      files.map(async file => {
        const present = await this.#readIfThere(file.path, 'directory');
        const place = path.join(this.#root, file.path);
        const isSame =
          isSameText(present, file.content) &&
          !(await lacksExecution(place, file));
        return { file, present, isSame };
      }),
    );
    const changed = found.filter(({ isSame }) => !isSame);
    return {
      edited: changed
        .filter(
          ({ file, present }) =>
            present !== undefined &&
            !isSameText(present, file.content) &&
            isEditedFile(file.path, present, sums),
        )
        .map(({ file }) => file.path),
      changed: changed.map(({ file }) => file),
      unchanged: found
        .filter(({ isSame }) => isSame)
        .map(({ file }) => file.path),
      present: new Map(
        found.flatMap(({ file, present }) =>
          present === undefined ? [] : [[file.path, present]],
        ),
      ),
    };
  }

  /** Files that an earlier spec asked for, and this one does not: workflows among them still run. */
  async leftOver(
    planned: readonly GeneratedFile[],
  ): Promise<{ path: string; edited: boolean }[]> {
    const names = new Set(planned.map(file => file.path));
    const strangers = (
      await Promise.all(
        ['.github/workflows', SCRIPTS].map(folder => this.#filesIn(folder)),
      )
    )
      .flat()
      .filter(name => !names.has(name));
    const found = await Promise.all(
      strangers.map(async name => {
        const text = (await this.#readIfThere(name, 'directory')) ?? '';
        return readHeader(text) ? [{ path: name, edited: isEdited(text) }] : [];
      }),
    );
    const trust = await findTrustLeftOver(
      {
        files: folder => this.#namesIn(folder, entry => entry.isFile()),
        folders: folder => this.#namesIn(folder, entry => entry.isDirectory()),
        read: name => this.#readIfThere(name, 'directory'),
      },
      names,
    );
    return [
      ...found.flat(),
      ...trust.map(name => ({ path: name, edited: false })),
    ];
  }

  /** Writes all of them or none. */
  async write(files: readonly GeneratedFile[]): Promise<void> {
    for (const file of files) {
      await this.#resolve(file.path, 'directory');
    }
    await writeFiles(files, { folder: this.#root, force: true });
  }

  async #readIfThere(name: string, field: string): Promise<string | undefined> {
    const file = await this.#resolve(name, field);
    try {
      const { size } = await lstat(file);
      if (size > LARGEST_BYTES) {
        throw new InputError(`${field}: ${name} is larger than 4 MiB.`);
      }
      return await readFile(file, 'utf8');
    } catch (error) {
      if (isMissing(error)) {
        return undefined;
      }
      throw error;
    }
  }

  /** The path of something in this folder; it need not be there. */
  async #resolve(name: string, field: string): Promise<string> {
    let resolved: string;
    try {
      resolved = resolveSafeChildPath(this.#root, name);
    } catch {
      throw new NotAllowedError(
        `${field}: ${JSON.stringify(
          name,
        )} leads out of the workspace. Name something inside it.`,
      );
    }
    let current = this.#root;
    for (const segment of path.relative(this.#root, resolved).split(path.sep)) {
      current = path.join(current, segment);
      if (await isLink(current)) {
        throw new NotAllowedError(
          `${field}: ${path.relative(
            this.#root,
            current,
          )} is a symbolic link. Put a file or a directory there.`,
        );
      }
    }
    return resolved;
  }
}
