import { GithubCommits } from './GithubCommits';

/** What the name of a branch or tag says of a commit. */
export interface RefOfCommit {
  /** A branch of that name holds it. */
  branch: boolean;
  /** A tag of that name is at it. */
  tag: boolean;
}

/** Which of a branch and a tag of the same name has a commit. */
export async function refOfCommit(
  github: Pick<GithubCommits, 'commitOf' | 'compare'>,
  name: string,
  commit: string,
): Promise<RefOfCommit> {
  const [head, tagged] = await Promise.all([
    github.commitOf(`heads/${name}`),
    github.commitOf(`tags/${name}`),
  ]);
  return {
    branch: head !== undefined && (await isWithin(github, commit, head)),
    tag: tagged === commit,
  };
}

async function isWithin(
  github: Pick<GithubCommits, 'compare'>,
  commit: string,
  head: string,
): Promise<boolean> {
  if (head === commit) {
    return true;
  }
  const compared = await github.compare(commit, head);
  return compared !== 'nothing in common' && compared.status === 'ahead';
}
