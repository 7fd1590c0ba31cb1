import type { FileChange } from './GitRepository';

/** Reads what `git diff-tree -z --raw --numstat` writes: raw entries (`:… M`, path) and then counts (`added, removed, path`). */
export function parseChanges(words: string[]): FileChange[] {
  const changes = new Map<string, FileChange>();
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word.startsWith(':')) {
      const status = statusOf(word.slice(word.lastIndexOf(' ') + 1));
      const isRenamed = status === 'renamed';
      const previousPath = isRenamed ? words[index + 1] : undefined;
      index += isRenamed ? 2 : 1;
      const path = words[index];
      changes.set(path, {
        path,
        status,
        ...(previousPath !== undefined && { previousPath }),
        additions: 0,
        deletions: 0,
      });
      continue;
    }
    const [added, removed, name] = word.split('\t');
    let path = name;
    if (name === '') {
      // The two paths of a renamed file stand behind its counts.
      path = words[index + 2];
      index += 2;
    }
    const change = path === undefined ? undefined : changes.get(path);
    if (!change) continue;
    change.additions = Number(added) || 0;
    change.deletions = Number(removed) || 0;
  }
  return [...changes.values()];
}

function statusOf(letter: string): FileChange['status'] {
  if (letter === 'A') return 'added';
  if (letter === 'D') return 'removed';
  if (letter.startsWith('R')) return 'renamed';
  return 'modified';
}
