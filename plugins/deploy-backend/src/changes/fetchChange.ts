import { GithubClient } from '../github/GithubClients';
import { githubFailure } from '../github/githubFailure';
import { readText } from '../github/readText';
import { parseChange } from './parseChange';
import { CommitChange } from './types';

/** The longest diff that is read; GitHub's own limits are below it. */
const MAX_DIFF_BYTES = 20 * 1024 * 1024;

/** GitHub names no more files of a comparison in JSON. */
const MAX_FILES = 300;

/**
 * Asks GitHub what changed. Throws Octokit's error if GitHub does not know or does not answer.
 *
 * Source: https://docs.github.com/en/rest/commits/commits#compare-two-commits
 */
export async function fetchChange(
  client: GithubClient,
  repository: string,
  base: string,
  head: string,
  maxDiffBytes = MAX_DIFF_BYTES,
): Promise<Exclude<CommitChange, { state: 'unknown' }>> {
  const [owner, repo] = repository.split('/');
  const comparison = { owner, repo, basehead: `${base}...${head}` };
  let data;
  try {
    // The first page has the files; the commits do not matter.
    ({ data } = await client.rest.repos.compareCommitsWithBasehead({
      ...comparison,
      per_page: 1,
    }));
  } catch (error) {
    if (/no common ancestor/i.test(String(error))) {
      return { state: 'unrelated' };
    }
    throw error;
  }
  if (data.status === 'identical') {
    return { state: 'known', files: [] };
  }
  if (data.status !== 'ahead') {
    return { state: 'unrelated', mergeBase: data.merge_base_commit.sha };
  }
  const files = (data.files ?? []).map(file => ({
    path: file.filename,
    ...(file.status === 'renamed' && { previousPath: file.previous_filename }),
  }));
  if (files.length === 0) {
    return { state: 'known', files: [] };
  }
  const diff = await fetchDiff(client, comparison, maxDiffBytes);
  if (diff === undefined) {
    return { state: 'partial', files };
  }
  const changed = parseChange(diff);
  // A diff that tells of fewer files than the list was cut.
  return changed.length < Math.min(files.length, MAX_FILES)
    ? { state: 'partial', files }
    : { state: 'known', files: changed };
}

/** Undefined if the diff is too large, for GitHub or for us. */
async function fetchDiff(
  client: GithubClient,
  comparison: { owner: string; repo: string; basehead: string },
  maxBytes: number,
): Promise<string | undefined> {
  try {
    const { data } = await client.rest.repos.compareCommitsWithBasehead({
      ...comparison,
      mediaType: { format: 'diff' },
      request: { parseSuccessResponseBody: false },
    });
    return await readText(data, maxBytes);
  } catch (error) {
    if (githubFailure(error, new Date()).kind === 'invalid') {
      return undefined;
    }
    throw error;
  }
}
