import { LoggerService } from '@backstage/backend-plugin-api';
import { GithubClient, GithubClients } from '../../github/GithubClients';

/** A pull request, as far as it proves what a report is about. */
export interface PullRequestHead {
  number: number;
  /** Branch that it comes from, without `refs/heads/`. */
  branch: string;
}

/** What GitHub knows of the pull requests of a repository. */
export interface PullRequests {
  /** The commit that is the head of a pull request now; undefined if there is no such one. */
  headOf(repository: string, number: number): Promise<string | undefined>;
  /** The pull requests whose head is this commit. */
  withHead(repository: string, commit: string): Promise<PullRequestHead[]>;
}

/** Asks GitHub's REST API, with the credentials of the integration for the host. */
export class GithubPullRequests implements PullRequests {
  readonly #github: Pick<GithubClients, 'forUrl'>;
  readonly #urlOf: (repository: string) => Promise<string | undefined>;
  readonly #logger: LoggerService;

  constructor(options: {
    github: Pick<GithubClients, 'forUrl'>;
    /** A page of the repository on its GitHub. */
    urlOf: (repository: string) => Promise<string | undefined>;
    logger: LoggerService;
  }) {
    this.#github = options.github;
    this.#urlOf = options.urlOf;
    this.#logger = options.logger;
  }

  headOf(repository: string, number: number): Promise<string | undefined> {
    return this.#ask(repository, async ({ rest }, at) => {
      try {
        const { data } = await rest.pulls.get({ ...at, pull_number: number });
        return data.head.sha;
      } catch (error) {
        if ((error as { status?: number }).status === 404) {
          return undefined;
        }
        throw error;
      }
    });
  }

  withHead(repository: string, commit: string): Promise<PullRequestHead[]> {
    return this.#ask(repository, async ({ rest }, at) => {
      // The list by commit leaves out forks. What was just pushed to is on the first page.
      const { data } = await rest.pulls.list({
        ...at,
        state: 'all',
        sort: 'updated',
        direction: 'desc',
        per_page: 100,
      });
      return data
        .filter(pull => pull.head.sha === commit)
        .map(pull => ({ number: pull.number, branch: pull.head.ref }));
    });
  }

  async #ask<T>(
    repository: string,
    ask: (
      client: GithubClient,
      at: { owner: string; repo: string },
    ) => Promise<T>,
  ): Promise<T> {
    try {
      const url = await this.#urlOf(repository);
      const client = url && (await this.#github.forUrl(url));
      if (!client) {
        throw new Error('no GitHub integration has its host');
      }
      const [owner, repo] = repository.split('/');
      return await ask(client, { owner, repo });
    } catch (error) {
      this.#logger.warn('A pull request could not be looked up', {
        repository,
        cause: error instanceof Error ? error.message : String(error),
      });
      throw error;
    }
  }
}
