import type { CommitInfo } from './GitRepository';

/** As `git log` is asked to write a commit. */
export const COMMIT_FORMAT =
  '%H%x00%T%x00%P%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%B%x1e';

/** Reads what {@link COMMIT_FORMAT} wrote. */
export function parseCommits(output: string): CommitInfo[] {
  return output
    .split('\x1e')
    .map(record => record.replace(/^\n/, ''))
    .filter(record => record !== '')
    .map(parseCommit);
}

function parseCommit(record: string): CommitInfo {
  const [sha, tree, parents, an, ae, at, cn, ce, ct, message] =
    record.split('\0');
  return {
    sha,
    tree,
    parents: parents === '' ? [] : parents.split(' '),
    author: { name: an, email: ae, date: Number(at) * 1000 },
    committer: { name: cn, email: ce, date: Number(ct) * 1000 },
    message: tidyMessage(message),
  };
}

/** A message without the lines that git adds at its end. */
export function tidyMessage(message: string): string {
  return message.replace(/\n+$/, '');
}
