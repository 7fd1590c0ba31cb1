import gitUrlParse from 'git-url-parse';
import { GithubClient } from './GithubClients';

/** A file at the commit that last touched it. */
export interface FileAtCommit {
  commit: string;
  /** The file as it was at that commit, whatever its branch does meanwhile. */
  url: string;
}

/** The commit that last touched a file on GitHub; undefined if there is no such file. */
export async function lastCommitOf(
  client: GithubClient,
  url: string,
): Promise<FileAtCommit | undefined> {
  const { owner, name, ref, filepath } = gitUrlParse(url);
  const { data } = await client.rest.repos.listCommits({
    owner,
    repo: name,
    path: filepath,
    per_page: 1,
    ...(ref && { sha: ref }),
  });
  const commit = data[0]?.sha;
  return commit
    ? { commit, url: url.replace(`/blob/${ref}/`, `/blob/${commit}/`) }
    : undefined;
}
