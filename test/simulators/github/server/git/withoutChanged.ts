import type { NewCommit, TreeEntry } from './GitRepository';

/** The files that stay as they are: a file makes place for a folder of its name, and the other way round. */
export function withoutChanged(
  entries: readonly TreeEntry[],
  files: NewCommit['files'],
): TreeEntry[] {
  const changed = [...files];
  return entries.filter(
    ({ type, path }) =>
      type !== 'tree' &&
      !files.has(path) &&
      !changed.some(
        ([other, content]) =>
          path.startsWith(`${other}/`) ||
          (content && other.startsWith(`${path}/`)),
      ),
  );
}
