import {
  checkRepository,
  parsePipelineSpec,
  PipelineSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { GithubClient } from '../github/GithubClients';
import { readText } from '../github/readText';

/** As large as the deploy.yaml in use may be. */
const MAX_SPEC_BYTES = 1024 * 1024;

/** What is kept, by the length of the texts. */
const MAX_KEPT_BYTES = 8 * 1024 * 1024;

/** Told of one that is not there, or is no deploy.yaml of the repository. */
const SMALLEST = 1024;

/** A deploy.yaml as it was at a commit. */
export type SpecAtCommit =
  | { state: 'valid'; spec: PipelineSpec }
  | { state: 'missing' }
  | { state: 'invalid' };

/** A file of a repository at GitHub. */
export interface RepositoryFile {
  client: GithubClient;
  /** `owner/name`, lower case. */
  repository: string;
  path: string;
}

/** Reads what a deploy.yaml said at a commit. That never changes, and is kept while this process lives. */
export class SpecsAtCommits {
  /** The one that was asked for longest ago comes first. */
  readonly #kept = new Map<string, { answer: SpecAtCommit; bytes: number }>();
  readonly #maxKept: number;
  #bytes = 0;

  constructor(maxKeptBytes = MAX_KEPT_BYTES) {
    this.#maxKept = maxKeptBytes;
  }

  /** Throws Octokit's error if GitHub does not know the commit, or does not answer. */
  async read(
    file: RepositoryFile,
    commit: string,
    signal: AbortSignal,
  ): Promise<SpecAtCommit> {
    const key = JSON.stringify([file.repository, file.path, commit]);
    const known = this.#kept.get(key);
    if (known) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known.answer;
    }
    const text = await fetchText(file, commit, signal);
    const answer = judge(text, file.repository);
    this.#keep(key, answer, Math.max(SMALLEST, text?.length ?? 0));
    return answer;
  }

  #keep(key: string, answer: SpecAtCommit, bytes: number): void {
    const twin = this.#kept.get(key);
    this.#kept.delete(key);
    this.#kept.set(key, { answer, bytes });
    this.#bytes += bytes - (twin?.bytes ?? 0);
    for (const [oldest, { bytes: freed }] of this.#kept) {
      if (this.#bytes <= this.#maxKept) {
        break;
      }
      this.#kept.delete(oldest);
      this.#bytes -= freed;
    }
  }
}

function judge(text: string | undefined, repository: string): SpecAtCommit {
  if (text === undefined) {
    return { state: 'missing' };
  }
  const parsed = parsePipelineSpec(text);
  return parsed.ok && !checkRepository(parsed.spec, repository)
    ? { state: 'valid', spec: parsed.spec }
    : { state: 'invalid' };
}

/** Undefined if there is no such file at the commit. */
async function fetchText(
  { client, repository, path }: RepositoryFile,
  commit: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [owner, repo] = repository.split('/');
  // The client's own fetch has a limit of its own and would not see the signal.
  const request = { signal, fetch };
  try {
    const { data } = await client.rest.repos.getContent({
      owner,
      repo,
      path,
      ref: commit,
      mediaType: { format: 'raw' },
      request: { ...request, parseSuccessResponseBody: false },
    });
    // What is too long reads as something that is no deploy.yaml.
    return (await readText(data, MAX_SPEC_BYTES)) ?? '';
  } catch (error) {
    if ((error as { status?: unknown } | undefined)?.status !== 404) {
      throw error;
    }
    // GitHub says the same of a commit and of a repository that it does not show.
    await client.rest.git.getCommit({
      owner,
      repo,
      commit_sha: commit,
      request,
    });
    return undefined;
  }
}
