import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { CommitInfo, Signature, TreeEntry } from './GitRepository';

/** Writes into a bare repository what git itself would write, without a process for each commit. */
export class ObjectWriter {
  readonly #directory: string;
  readonly #written = new Set<string>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** What `git init --bare` leaves, as far as anybody looks at it. */
  init(defaultBranch: string): void {
    for (const folder of ['objects/info', 'objects/pack', 'refs/heads']) {
      mkdirSync(join(this.#directory, folder), { recursive: true });
    }
    this.#replace('HEAD', `ref: refs/heads/${defaultBranch}\n`);
    this.#replace(
      'config',
      '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n',
    );
  }

  blob(content: Buffer): string {
    return this.#object('blob', content);
  }

  /**
   * The folders of these files.
   *
   * @param folder - where all of the files are, with a slash behind it
   * @returns with all that is in them, in the order of `git ls-tree -r -t`
   */
  tree(
    files: readonly TreeEntry[],
    folder = '',
  ): { sha: string; entries: TreeEntry[] } {
    const names = new Map<string, TreeEntry[]>();
    for (const file of files) {
      const [name] = file.path.slice(folder.length).split('/', 1);
      names.set(name, [...(names.get(name) ?? []), file]);
    }
    const children = [...names]
      .map(([name, inside]) => this.#child(name, folder + name, inside))
      .sort((one, other) => Buffer.compare(one.order, other.order));
    const content = children.flatMap(({ name, entries: [{ mode, sha }] }) => [
      Buffer.from(`${mode.replace(/^0/, '')} ${name}\0`),
      Buffer.from(sha, 'hex'),
    ]);
    return {
      sha: this.#object('tree', Buffer.concat(content)),
      entries: children.flatMap(({ entries }) => entries),
    };
  }

  commit(commit: Omit<CommitInfo, 'sha'>): string {
    const { tree, parents, author, committer, message } = commit;
    const lines = [
      `tree ${tree}`,
      ...parents.map(parent => `parent ${parent}`),
      `author ${signed(author)}`,
      `committer ${signed(committer)}`,
      '',
      message,
    ];
    return this.#object('commit', Buffer.from(lines.join('\n')));
  }

  ref(name: string, sha: string): void {
    this.#replace(name, `${sha}\n`);
  }

  #child(name: string, path: string, inside: TreeEntry[]) {
    if (inside.length === 1 && inside[0].path === path) {
      return { name, order: Buffer.from(name), entries: inside };
    }
    const { sha, entries } = this.tree(inside, `${path}/`);
    const folder: TreeEntry = {
      mode: '040000',
      type: 'tree',
      sha,
      size: undefined,
      path,
    };
    // Git sorts folders as if they ended with a slash.
    return {
      name,
      order: Buffer.from(`${name}/`),
      entries: [folder, ...entries],
    };
  }

  #object(type: string, content: Buffer): string {
    const whole = Buffer.concat([
      Buffer.from(`${type} ${content.length}\0`),
      content,
    ]);
    const sha = createHash('sha1').update(whole).digest('hex');
    const name = `objects/${sha.slice(0, 2)}/${sha.slice(2)}`;
    if (!this.#written.has(sha) && !existsSync(join(this.#directory, name))) {
      this.#replace(name, deflateSync(whole, { level: 1 }));
    }
    this.#written.add(sha);
    return sha;
  }

  /** Who reads meanwhile sees all of it or nothing. */
  #replace(name: string, content: string | Buffer): void {
    const file = join(this.#directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.lock`, content);
    renameSync(`${file}.lock`, file);
  }
}

function signed({ name, email, date }: Signature): string {
  return `${name} <${email}> ${Math.floor(date / 1000)} +0000`;
}
