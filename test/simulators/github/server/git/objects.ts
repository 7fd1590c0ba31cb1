import type { Signature } from './GitRepository';
import { feedGit, runGit } from './runGit';

/** A file of a new tree; without `sha` it is taken out. */
export interface TreeChange {
  path: string;
  mode: string;
  sha: string | undefined;
}

/** A commit as it is to be, before any branch leads to it. */
export interface LooseCommit {
  tree: string;
  parents: string[];
  message: string;
  author: Signature;
}

/** Keeps a file, as no commit has it yet. */
export async function writeBlob(
  directory: string,
  content: Buffer,
): Promise<string> {
  const output = await feedGit(
    directory,
    ['hash-object', '-w', '--stdin'],
    content,
  );
  return output.toString().trim();
}

/** A tree like `base`, with some files changed. */
export async function writeTree(
  directory: string,
  base: string | undefined,
  changes: readonly TreeChange[],
): Promise<string> {
  const commit = await importCommit(directory, {
    lines: [
      ...(base ? [`M 040000 ${base} ""`] : []),
      ...changes.map(({ path, mode, sha }) =>
        sha
          ? `M ${mode} ${sha} ${JSON.stringify(path)}`
          : `D ${JSON.stringify(path)}`,
      ),
    ],
    parents: [],
    message: 'tree',
    author: { name: 'tree', email: 'tree@example.test', date: 0 },
  });
  const output = await runGit(directory, ['rev-parse', `${commit}^{tree}`]);
  return output.toString().trim();
}

export function writeCommit(
  directory: string,
  { tree, parents, message, author }: LooseCommit,
): Promise<string> {
  return importCommit(directory, {
    lines: [`M 040000 ${tree} ""`],
    parents,
    message,
    author,
  });
}

/** The ref that fast-import wants, and that nothing else looks at. */
const SCRATCH = 'refs/scratch/commit';

async function importCommit(
  directory: string,
  commit: {
    lines: string[];
    parents: string[];
    message: string;
    author: Signature;
  },
): Promise<string> {
  const { name, email, date } = commit.author;
  const person = `${name} <${email}> ${Math.floor(date / 1000)} +0000`;
  const [first, ...others] = commit.parents;
  const text = [
    `reset ${SCRATCH}`,
    '',
    `commit ${SCRATCH}`,
    'mark :1',
    `author ${person}`,
    `committer ${person}`,
    `data ${Buffer.byteLength(commit.message)}`,
    commit.message,
    ...(first ? [`from ${first}`] : []),
    ...others.map(parent => `merge ${parent}`),
    ...commit.lines,
    '',
    'get-mark :1',
    'done',
    '',
  ].join('\n');
  const output = await feedGit(
    directory,
    ['fast-import', '--quiet', '--done', '--force'],
    Buffer.from(text),
  );
  return output.toString().trim();
}
