import { GithubClient } from '../github/GithubClients';
import { GithubFailure, githubFailure } from '../github/githubFailure';
import { commitPeople } from './commitPeople';
import { KeptCommit } from './types';

const PER_PAGE = 100;

/** GitHub names no more files of a commit in one answer. */
const MAX_FILES = 300;

const MAX_TITLE = 300;

/** Tags of tags are not followed any further. */
const MAX_TAGS = 5;

type Fetched = Pick<
  Awaited<
    ReturnType<GithubClient['rest']['repos']['compareCommitsWithBasehead']>
  >['data'],
  'status' | 'total_commits' | 'behind_by' | 'commits' | 'base_commit'
>;

/** One page of a comparison. */
export interface ComparedPage {
  status: 'diverged' | 'ahead' | 'behind' | 'identical';
  total: number;
  behind: number;
  /** When the base was committed, ISO 8601. */
  baseAt?: string;
  /** Oldest first, as GitHub has them. */
  commits: KeptCommit[];
}

/**
 * Asks GitHub about commits, until a signal. Throws Octokit's errors.
 *
 * Source: https://docs.github.com/en/rest/commits/commits
 */
export class GithubCommits {
  static readonly perPage = PER_PAGE;

  readonly #client: GithubClient;
  readonly #repository: { owner: string; repo: string };
  readonly #page: string;
  readonly #request: { signal: AbortSignal; fetch: typeof fetch };

  /** @param page - of the repository at GitHub */
  constructor(options: {
    client: GithubClient;
    repository: string;
    page: string;
    signal: AbortSignal;
  }) {
    const [owner, repo] = options.repository.split('/');
    this.#repository = { owner, repo };
    this.#client = options.client;
    this.#page = options.page;
    // The client's own fetch has a limit of its own and would not see the signal.
    this.#request = { signal: options.signal, fetch };
  }

  /** @param page - counted from 1; the first pages have the oldest commits */
  async compare(
    base: string,
    head: string,
    page = 1,
  ): Promise<ComparedPage | 'nothing in common'> {
    let data: Fetched;
    try {
      ({ data } = await this.#client.rest.repos.compareCommitsWithBasehead({
        ...this.#repository,
        basehead: `${base}...${head}`,
        per_page: PER_PAGE,
        page,
        request: this.#request,
      }));
    } catch (error) {
      if (/no common ancestor/i.test(String(error))) {
        return 'nothing in common';
      }
      throw error;
    }
    return {
      status: data.status,
      total: data.total_commits,
      behind: data.behind_by,
      baseAt: data.base_commit.commit.committer?.date,
      commits: data.commits.map(commit => this.#toCommit(commit)),
    };
  }

  /**
   * The commit that a branch or tag stands at; undefined if there is none.
   *
   * @param ref - in full, as `heads/main` or `tags/v1`
   */
  async commitOf(ref: string): Promise<string | undefined> {
    try {
      // Asked for as a commit, `tags/v1` is also the branch of that name where there is no tag v1.
      const { data } = await this.#client.rest.git.getRef({
        ...this.#repository,
        ref,
        request: this.#request,
      });
      return await this.#taggedCommit(data.object);
    } catch (error) {
      // GitHub says 422 of a name that cannot be.
      const { status } = (error ?? {}) as { status?: unknown };
      if (status === 404 || status === 422) {
        return undefined;
      }
      throw error;
    }
  }

  /** What a tag with a text of its own is at, or the tag that it is at. */
  async #taggedCommit({ type, sha }: { type: string; sha: string }) {
    let object = { type, sha };
    for (let depth = 0; object.type === 'tag' && depth < MAX_TAGS; depth++) {
      const { data } = await this.#client.rest.git.getTag({
        ...this.#repository,
        tag_sha: object.sha,
        request: this.#request,
      });
      object = data.object;
    }
    return object.type === 'commit' ? object.sha : undefined;
  }

  /**
   * The newest commits that led to one, itself among them, newest first.
   *
   * @param path - a directory or file that they change; all of the repository without it
   * @param most - how many, up to 100
   */
  async upTo(
    sha: string,
    { path, most = PER_PAGE }: { path?: string; most?: number } = {},
  ): Promise<KeptCommit[]> {
    const { data } = await this.#client.rest.repos.listCommits({
      ...this.#repository,
      sha,
      ...(path !== undefined && { path }),
      per_page: most,
      request: this.#request,
    });
    return data.map(commit => this.#toCommit(commit));
  }

  /** The files that a commit changes against its first parent. */
  async pathsOf(sha: string): Promise<Pick<KeptCommit, 'paths' | 'pathsCut'>> {
    const { data } = await this.#client.rest.repos.getCommit({
      ...this.#repository,
      ref: sha,
      request: this.#request,
    });
    const files = data.files ?? [];
    return {
      paths: files
        .slice(0, MAX_FILES)
        .flatMap(file => [
          file.filename,
          ...(file.previous_filename ? [file.previous_filename] : []),
        ]),
      ...(files.length >= MAX_FILES && { pathsCut: true }),
    };
  }

  /** The pull request that brought a commit, or of a commit that is not merged yet, that would bring it. */
  async pullRequestOf(sha: string): Promise<KeptCommit['pullRequest']> {
    const { data } =
      await this.#client.rest.repos.listPullRequestsAssociatedWithCommit({
        ...this.#repository,
        commit_sha: sha,
        per_page: 10,
        request: this.#request,
      });
    const merged = data.filter(pull => pull.merged_at);
    const pull =
      merged.find(one => one.merge_commit_sha === sha) ??
      merged[0] ??
      data.find(one => one.state === 'open');
    return (
      pull && {
        number: pull.number,
        title: cut(pull.title),
        url: this.pullRequestUrl(pull.number),
      }
    );
  }

  pullRequestUrl(number: number): string {
    return `${this.#page}/pull/${number}`;
  }

  #toCommit({ sha, commit, author, parents }: Fetched['commits'][0]) {
    const name = author?.login ?? commit.author?.name;
    const at = commit.committer?.date ?? commit.author?.date;
    return {
      sha,
      title: cut(commit.message.split('\n', 1)[0]),
      ...(name && { author: cut(String(name)) }),
      ...(at && { committedAt: at }),
      url: `${this.#page}/commit/${sha}`,
      parents: parents.map(parent => parent.sha),
      people: commitPeople({
        login: author?.login,
        name: commit.author?.name,
        email: commit.author?.email,
        message: commit.message,
      }),
    };
  }
}

function cut(text: string): string {
  return text.length > MAX_TITLE ? `${text.slice(0, MAX_TITLE)}…` : text;
}

/** What a person is told of a failure of GitHub. */
export function tellFailure(error: unknown, now: Date): string {
  const failure: GithubFailure = githubFailure(error, now);
  switch (failure.kind) {
    case 'limited':
      return `GitHub limits requests until ${failure.until.toISOString()}.`;
    case 'refused':
      return 'GitHub does not let the portal read this repository. Give its token or app read access to contents.';
    case 'missing':
      return 'GitHub does not know the repository or one of the commits. It may be gone after a forced push, or the portal may not see the repository.';
    case 'invalid':
      return 'GitHub does not know one of the commits. It may be gone after a forced push.';
    default:
      return 'GitHub does not answer. Try again in a minute.';
  }
}
