import { KeptCommit } from './types';

const MERGE = /^Merge pull request #(\d{1,9}) from /;
const SQUASH = / \(#(\d{1,9})\)$/;

/**
 * Numbers of the pull requests that the titles of merges and squashes tell, by commit. A merge tells it for
 * all that came in by it. Commits that were rebased, or pushed without a pull request, are not in it.
 */
export function pullRequestNumbers(
  commits: readonly Pick<KeptCommit, 'sha' | 'title' | 'parents'>[],
): Map<string, number> {
  const bySha = new Map(commits.map(commit => [commit.sha, commit]));
  const numbers = new Map<string, number>();
  // Newest first: what an inner merge brought is told by the inner one, which comes later and has the last word.
  for (const { sha, title, parents } of commits) {
    const merge = MERGE.exec(title);
    if (merge && parents.length === 2) {
      const before = reachableFrom(parents[0], bySha);
      for (const merged of reachableFrom(parents[1], bySha)) {
        if (!before.has(merged)) {
          numbers.set(merged, Number(merge[1]));
        }
      }
      numbers.set(sha, Number(merge[1]));
    }
  }
  for (const { sha, title, parents } of commits) {
    const squash = SQUASH.exec(title);
    if (squash && parents.length === 1 && !numbers.has(sha)) {
      numbers.set(sha, Number(squash[1]));
    }
  }
  return numbers;
}

function reachableFrom(
  start: string,
  commits: ReadonlyMap<string, Pick<KeptCommit, 'parents'>>,
): Set<string> {
  const reached = new Set<string>();
  const open = [start];
  for (;;) {
    const sha = open.pop();
    if (sha === undefined) {
      return reached;
    }
    const commit = commits.get(sha);
    if (commit && !reached.has(sha)) {
      reached.add(sha);
      open.push(...commit.parents);
    }
  }
}
