import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { GithubClients } from '../github/GithubClients';
import { repositoryPage } from '../github/repositoryPage';
import { ParentRow } from '../store/rows';
import { ServiceStore } from '../store/ServiceStore';
import { CommitChanges } from './CommitChanges';

/** Column in `parents`: no commit is called so, so that no release is compared with a pull request's base. */
function keyOf(pull: number, head: string): string {
  return `#${pull}/${head}`.slice(0, 64);
}

/**
 * Makes the head of a pull request compare with where it left its base branch, and not with the
 * commit before: all of the pull request is the change.
 */
export class PullRequestBases {
  readonly #knex: Knex;
  readonly #changes: CommitChanges;
  readonly #github: Pick<GithubClients, 'forUrl'>;
  readonly #services: Pick<ServiceStore, 'listPages'>;
  readonly #logger: LoggerService;

  constructor(options: {
    knex: Knex;
    changes: CommitChanges;
    github: Pick<GithubClients, 'forUrl'>;
    services: Pick<ServiceStore, 'listPages'>;
    logger: LoggerService;
  }) {
    this.#knex = options.knex;
    this.#changes = options.changes;
    this.#github = options.github;
    this.#services = options.services;
    this.#logger = options.logger;
  }

  /** Asks GitHub where a pull request began. Never fails: without an answer nothing is judged by lines. */
  async note(repository: string, pull: number, head: string): Promise<void> {
    try {
      if ((await this.baseOf(repository, pull, head)) !== 'unknown') {
        return;
      }
      const base = await this.#askBase(repository, pull, head);
      if (base) {
        await this.#knex<ParentRow>('parents')
          .insert({
            repository,
            commit_sha: keyOf(pull, head),
            parent_sha: base,
          })
          .onConflict(['repository', 'commit_sha'])
          .merge();
      }
    } catch (error) {
      this.#logger.warn('GitHub does not tell where a pull request began', {
        repository,
        pullRequest: pull,
        cause: error instanceof Error ? error.message : String(error),
      });
    }
  }

  /** Where a pull request left its base branch, from the database alone. */
  async baseOf(
    repository: string,
    pull: number,
    head: string,
  ): Promise<string | 'unknown'> {
    const row = await this.#knex<ParentRow>('parents')
      .where({ repository, commit_sha: keyOf(pull, head) })
      .first('parent_sha');
    return row?.parent_sha ?? 'unknown';
  }

  async #askBase(
    repository: string,
    pull: number,
    head: string,
  ): Promise<string | undefined> {
    const url = await repositoryPage(this.#services, repository);
    const client = url && (await this.#github.forUrl(url, { wait: false }));
    if (!client) {
      return undefined;
    }
    const [owner, repo] = repository.split('/');
    const { data } = await client.rest.pulls.get({
      owner,
      repo,
      pull_number: pull,
    });
    const change = await this.#changes.fetchNow(
      repository,
      data.base.sha,
      head,
    );
    return change.state === 'unrelated' ? change.mergeBase : data.base.sha;
  }
}
