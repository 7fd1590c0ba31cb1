import { COMMIT_FORMAT, parseCommits, tidyMessage } from './commitRecord';
import { ObjectWriter } from './ObjectWriter';
import { parseChanges } from './parseChanges';
import { readFolder } from './readFolder';
import { runGit } from './runGit';
import { withoutChanged } from './withoutChanged';

export interface TreeEntry {
  mode: string;
  type: 'blob' | 'tree' | 'commit';
  sha: string;
  size: number | undefined;
  path: string;
}

export interface Signature {
  name: string;
  email: string;
  /** Milliseconds since 1970. */
  date: number;
}

export interface CommitInfo {
  sha: string;
  tree: string;
  parents: string[];
  author: Signature;
  committer: Signature;
  message: string;
}

export interface FileChange {
  path: string;
  status: 'added' | 'modified' | 'removed' | 'renamed';
  /** Where a renamed file was. */
  previousPath?: string;
  additions: number;
  deletions: number;
}

export interface NewCommit {
  branch: string;
  message: string;
  author: Signature;
  /** Content by path; `undefined` removes the file. */
  files: Map<string, Buffer | undefined>;
  /** Paths of those that may be executed; one that could be before stays so. */
  executable?: ReadonlySet<string>;
  /** Where a new branch begins. */
  from?: string;
}

/** A name that git takes, whatever else it does. */
const PLAIN_REF = /^refs(?:\/\w[\w-]*(?:\.\w[\w-]*)*)+$/;

/** A bare repository on disk: what was written here is known, and everything else is git's own business. */
export class GitRepository {
  readonly directory: string;
  readonly #commits = new Map<string, CommitInfo>();
  readonly #trees = new Map<string, TreeEntry[]>();
  readonly #blobs = new Map<string, Buffer>();
  readonly #changes = new Map<string, FileChange[]>();
  /** Branches and tags by full name; nothing but this class moves them, and a push that it adopts. */
  readonly #refs = new Map<string, string>();

  readonly #writer: ObjectWriter;

  private constructor(directory: string) {
    this.directory = directory;
    this.#writer = new ObjectWriter(directory);
  }

  static async create(
    directory: string,
    defaultBranch: string,
  ): Promise<GitRepository> {
    const repository = new GitRepository(directory);
    repository.#writer.init(defaultBranch);
    return repository;
  }

  async commit(commit: NewCommit): Promise<string> {
    const ref = `refs/heads/${commit.branch}`;
    const parent = commit.from ?? (await this.resolve(ref));
    const before = parent ? await this.tree(parent) : [];
    const tree = this.#writer.tree([
      ...withoutChanged(before, commit.files),
      ...this.#writeFiles(commit, before),
    ]);
    const date = Math.floor(commit.author.date / 1000) * 1000;
    const author = { ...commit.author, date };
    const info = {
      tree: tree.sha,
      parents: parent ? [parent] : [],
      author,
      committer: author,
      message: commit.message,
    };
    const sha = this.#writer.commit(info);
    this.#writer.ref(ref, sha);
    this.#trees.set(sha, tree.entries).set(tree.sha, tree.entries);
    this.#commits.set(sha, {
      ...info,
      sha,
      message: tidyMessage(commit.message),
    });
    this.#refs.set(ref, sha);
    return sha;
  }

  /** The whole folder as one commit. */
  async importFolder(
    folder: string,
    commit: Omit<NewCommit, 'files'>,
  ): Promise<string> {
    return this.commit({ ...commit, ...(await readFolder(folder)) });
  }

  async tag(name: string, sha: string): Promise<void> {
    await this.#setRef(`refs/tags/${name}`, sha);
  }

  async setBranch(name: string, sha: string): Promise<void> {
    await this.#setRef(`refs/heads/${name}`, sha);
  }

  /** Where GitHub keeps the head of a pull request whose branch is gone. */
  async keepPull(number: number, sha: string): Promise<void> {
    await this.#setRef(`refs/pull/${number}/head`, sha);
  }

  /** Whether nothing was pushed yet. */
  get isEmpty(): boolean {
    return this.#refs.size === 0;
  }

  /** Takes note of what git itself moved in a push, with the commit that was there before. */
  async adoptPush(): Promise<
    Array<{ ref: string; sha: string; before: string | undefined }>
  > {
    const output = await runGit(this.directory, [
      'for-each-ref',
      '--format=%(refname) %(objectname) %(*objectname)',
      'refs/heads',
      'refs/tags',
    ]);
    const moved = output
      .toString()
      .split('\n')
      .filter(line => line !== '')
      .map(line => line.split(' '))
      // A tag with a message names the commit behind it.
      .map(([ref, object, commit]) => ({ ref, sha: commit || object }))
      .map(one => ({ ...one, before: this.#refs.get(one.ref) }))
      .filter(({ sha, before }) => sha !== before);
    moved.forEach(({ ref, sha }) => this.#refs.set(ref, sha));
    return moved;
  }

  async deleteBranch(name: string): Promise<void> {
    await runGit(this.directory, ['update-ref', '-d', `refs/heads/${name}`]);
    this.#refs.delete(`refs/heads/${name}`);
  }

  /** The commit that a branch, tag, ref or SHA names. */
  async resolve(name: string): Promise<string | undefined> {
    const known =
      this.#refs.get(name) ??
      // As `heads/main` or `tags/v1`.
      this.#refs.get(`refs/${name}`) ??
      this.#refs.get(`refs/heads/${name}`) ??
      this.#refs.get(`refs/tags/${name}`);
    if (known) return known;
    if (this.#commits.has(name)) return name;
    // What is left is a SHA, short or not yet read.
    if (!/^[0-9a-f]{4,40}$/.test(name)) return undefined;
    try {
      const output = await runGit(this.directory, [
        'rev-parse',
        '--quiet',
        '--verify',
        '--end-of-options',
        `${name}^{commit}`,
      ]);
      return output.toString().trim();
    } catch {
      return undefined;
    }
  }

  async info(sha: string): Promise<CommitInfo> {
    const known = this.#commits.get(sha);
    if (known) return known;
    const [info] = await this.log([sha], { limit: 1 });
    return info;
  }

  async log(
    revisions: string[],
    options: {
      limit?: number;
      skip?: number;
      path?: string;
      since?: string;
      until?: string;
      author?: string;
    } = {},
  ): Promise<CommitInfo[]> {
    const known = this.#knownLog(revisions, options);
    if (known) return known;
    const output = await runGit(this.directory, [
      'log',
      `--format=${COMMIT_FORMAT}`,
      ...(options.limit !== undefined ? [`--max-count=${options.limit}`] : []),
      ...(options.skip ? [`--skip=${options.skip}`] : []),
      ...(options.since ? [`--since=${options.since}`] : []),
      ...(options.until ? [`--until=${options.until}`] : []),
      ...(options.author ? [`--author=${options.author}`] : []),
      '--end-of-options',
      ...revisions,
      '--',
      ...(options.path ? [options.path] : []),
    ]);
    const commits = parseCommits(output.toString());
    commits.forEach(commit => this.#commits.set(commit.sha, commit));
    return commits;
  }

  /** Everything below a commit or tree, folders included. */
  async tree(treeish: string): Promise<TreeEntry[]> {
    const known = this.#trees.get(treeish);
    if (known) return known;
    const output = await runGit(this.directory, [
      'ls-tree',
      '-r',
      '-t',
      '-l',
      '-z',
      '--end-of-options',
      treeish,
    ]);
    const entries = output
      .toString()
      .split('\0')
      .filter(line => line !== '')
      .map(line => {
        const [meta, path] = line.split('\t');
        const [mode, type, sha, size] = meta.split(/ +/);
        return {
          mode,
          type: type as TreeEntry['type'],
          sha,
          size: size === '-' ? undefined : Number(size),
          path,
        };
      });
    this.#trees.set(treeish, entries);
    return entries;
  }

  async blob(sha: string): Promise<Buffer> {
    const known = this.#blobs.get(sha);
    if (known) return known;
    const content = await runGit(this.directory, ['cat-file', 'blob', sha]);
    this.#blobs.set(sha, content);
    return content;
  }

  async file(commit: string, path: string): Promise<Buffer | undefined> {
    const entries = await this.tree(commit);
    const entry = entries.find(
      candidate => candidate.path === path && candidate.type === 'blob',
    );
    return entry ? this.blob(entry.sha) : undefined;
  }

  /** What changed between two commits, or what a first commit brought. */
  async changes(
    base: string | undefined,
    head: string,
    options: { renames?: boolean } = {},
  ): Promise<FileChange[]> {
    const renames = options.renames ? '--find-renames' : '--no-renames';
    const key = `${base}..${head} ${renames}`;
    const known = this.#changes.get(key);
    if (known) return known;
    const output = await runGit(this.directory, [
      'diff-tree',
      '-r',
      '-z',
      '--no-commit-id',
      renames,
      '--raw',
      '--numstat',
      ...(base ? [base, head] : ['--root', head]),
    ]);
    const changes = parseChanges(output.toString().split('\0'));
    this.#changes.set(key, changes);
    return changes;
  }

  /** The change between two commits as `git diff` writes it. */
  diff(base: string, head: string): Promise<Buffer> {
    return runGit(this.directory, [
      'diff-tree',
      '-r',
      '-p',
      '--no-color',
      '--no-ext-diff',
      '--find-renames',
      base,
      head,
    ]);
  }

  async mergeBase(one: string, other: string): Promise<string | undefined> {
    try {
      const output = await runGit(this.directory, ['merge-base', one, other]);
      return output.toString().trim();
    } catch {
      return undefined;
    }
  }

  async count(revisions: string[]): Promise<number> {
    const output = await runGit(this.directory, [
      'rev-list',
      '--count',
      ...revisions,
    ]);
    return Number(output.toString().trim());
  }

  /** Branches or tags with the commit each names. */
  async refs(
    kind: 'heads' | 'tags',
  ): Promise<Array<{ name: string; sha: string }>> {
    const prefix = `refs/${kind}/`;
    return [...this.#refs]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, sha]) => ({ name: name.slice(prefix.length), sha }))
      .sort((one, other) => one.name.localeCompare(other.name));
  }

  archive(commit: string, prefix: string): Promise<Buffer> {
    return runGit(this.directory, [
      'archive',
      '--format=tar.gz',
      `--prefix=${prefix}/`,
      commit,
    ]);
  }

  /** The log of commits in a row that all are known; `undefined` where git has to be asked. */
  #knownLog(
    [head, ...others]: string[],
    options: { limit?: number; skip?: number },
  ): CommitInfo[] | undefined {
    const { limit = Infinity, skip = 0, ...filters } = options;
    const isFiltered = Object.values(filters).some(Boolean);
    if (isFiltered || others.length > 1) return undefined;
    const end = others[0]?.replace(/^\^/, '');
    const found: CommitInfo[] = [];
    let next: string | undefined = head;
    while (next !== end && found.length < skip + limit) {
      const commit: CommitInfo | undefined = this.#commits.get(next ?? '');
      if (!commit || commit.parents.length > 1) return undefined;
      found.push(commit);
      [next] = commit.parents;
    }
    return found.slice(skip);
  }

  #writeFiles(
    { files, executable }: NewCommit,
    before: readonly TreeEntry[],
  ): TreeEntry[] {
    const may = new Set([
      ...(executable ?? []),
      ...before.flatMap(({ path, mode }) => (mode === '100755' ? path : [])),
    ]);
    return [...files].flatMap(([path, content]) => {
      if (!content) return [];
      const sha = this.#writer.blob(content);
      this.#blobs.set(sha, content);
      const size = content.length;
      const mode = may.has(path) ? '100755' : '100644';
      return [{ mode, type: 'blob' as const, sha, size, path }];
    });
  }

  async #setRef(ref: string, sha: string): Promise<void> {
    // What git would look at is known of these: most of them, and each would be a process.
    if (this.#commits.has(sha) && PLAIN_REF.test(ref)) {
      this.#writer.ref(ref, sha);
    } else {
      await runGit(this.directory, ['update-ref', ref, sha]);
    }
    this.#refs.set(ref, sha);
  }
}
