import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { GithubClients } from '../github/GithubClients';
import { backOff, GithubFailure, githubFailure } from '../github/githubFailure';
import { repositoryPage } from '../github/repositoryPage';
import { ServiceStore } from '../store/ServiceStore';
import { ChangeClaim, ChangeStore } from './ChangeStore';
import { fetchChange } from './fetchChange';
import { CommitChange } from './types';

/** A question that GitHub cannot answer so often is left alone for a day. */
const MAX_ATTEMPTS = 8;

const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** Whoever asks at once tells nobody before: who is told would ask as well, and be first. */
const keepsToItself = () => undefined;

/** What changed between commits, as GitHub tells it; kept, as it never changes. */
export class CommitChanges {
  readonly #store: ChangeStore;
  readonly #github: Pick<GithubClients, 'forUrl'>;
  readonly #services: Pick<ServiceStore, 'listPages'>;
  readonly #logger: LoggerService;
  readonly #onWanted: () => void;
  readonly #now: () => Date;

  constructor(options: {
    knex: Knex;
    github: Pick<GithubClients, 'forUrl'>;
    services: Pick<ServiceStore, 'listPages'>;
    logger: LoggerService;
    /** Something is to be asked that was not before. */
    onWanted?: () => void;
    /** Default: the time that it is. */
    now?: () => Date;
  }) {
    this.#onWanted = options.onWanted ?? (() => undefined);
    this.#store = new ChangeStore(options.knex);
    this.#github = options.github;
    this.#services = options.services;
    this.#logger = options.logger;
    this.#now = options.now ?? (() => new Date());
  }

  /**
   * From the database alone. What is unknown is noted, to be asked by {@link CommitChanges.fetchDue}.
   *
   * @param base - full SHA, as `head` is; what is no SHA stays unknown
   */
  async get(
    repository: string,
    base: string,
    head: string,
  ): Promise<CommitChange> {
    return this.#get(repository, base, head, this.#onWanted);
  }

  /**
   * First parent of a commit, from the database alone; undefined for a first commit. What is unknown is
   * noted, to be asked by {@link CommitChanges.fetchDue}.
   */
  async parentOf(
    repository: string,
    commit: string,
  ): Promise<string | undefined | 'unknown'> {
    return this.#parentOf(repository, commit, this.#onWanted);
  }

  /** Asks GitHub for what is wanted and due. Tells how many changes and parents became known. */
  async fetchDue(signal: AbortSignal): Promise<number> {
    let known = 0;
    while (!signal.aborted) {
      const claim = await this.#store.claimNext(this.#now());
      if (!claim) {
        break;
      }
      const result = await this.#ask(claim);
      if (result === 'limited') {
        break;
      }
      known += result === 'known' ? 1 : 0;
    }
    return known;
  }

  /**
   * As {@link CommitChanges.get}, but asks GitHub at once, if nobody does already. `unknown` if GitHub does
   * not answer; it never fails on that account, and then is asked again by {@link CommitChanges.fetchDue}.
   */
  async fetchNow(
    repository: string,
    base: string,
    head: string,
  ): Promise<CommitChange> {
    const change = await this.#get(repository, base, head, keepsToItself);
    return change.state === 'unknown' &&
      (await this.#askNow(repository, base, head))
      ? this.get(repository, base, head)
      : change;
  }

  /** As {@link CommitChanges.parentOf}, but asks GitHub at once, as {@link CommitChanges.fetchNow} does. */
  async fetchParentNow(
    repository: string,
    commit: string,
  ): Promise<string | undefined | 'unknown'> {
    const parent = await this.#parentOf(repository, commit, keepsToItself);
    return parent === 'unknown' &&
      (await this.#askNow(repository, undefined, commit))
      ? this.parentOf(repository, commit)
      : parent;
  }

  /** Forgets what was asked before a time, a bounded number in each statement. */
  async prune(before: Date): Promise<number> {
    return this.#store.prune(before);
  }

  async #get(
    repository: string,
    base: string,
    head: string,
    onWanted: () => void,
  ): Promise<CommitChange> {
    if (base === head) {
      return { state: 'known', files: [] };
    }
    if (!SHA.test(base) || !SHA.test(head)) {
      return { state: 'unknown' };
    }
    const change = await this.#store.getChange(repository, base, head);
    if (change.state === 'unknown') {
      await this.#store.want(repository, base, head, this.#now());
      onWanted();
    }
    return change;
  }

  async #parentOf(
    repository: string,
    commit: string,
    onWanted: () => void,
  ): Promise<string | undefined | 'unknown'> {
    if (!SHA.test(commit)) {
      return 'unknown';
    }
    const parent = await this.#store.getParent(repository, commit);
    if (parent === 'unknown') {
      await this.#store.want(repository, undefined, commit, this.#now());
      onWanted();
    }
    return parent;
  }

  async #askNow(
    repository: string,
    base: string | undefined,
    head: string,
  ): Promise<boolean> {
    const claim = await this.#store.claim(repository, base, head, this.#now());
    return claim !== undefined && (await this.#ask(claim)) === 'known';
  }

  async #ask(claim: ChangeClaim): Promise<'known' | GithubFailure['kind']> {
    try {
      await this.#answer(claim);
      return 'known';
    } catch (error) {
      return this.#noteFailure(claim, error);
    }
  }

  async #answer(claim: ChangeClaim): Promise<void> {
    const { repository, base, head } = claim;
    const url = await repositoryPage(this.#services, repository);
    const client = url && (await this.#github.forUrl(url, { wait: false }));
    if (!client) {
      throw new Error('No GitHub integration has the host of the repository');
    }
    if (base !== undefined) {
      const change = await fetchChange(client, repository, base, head);
      await this.#store.saveChange(claim, change, this.#now());
      return;
    }
    const [owner, repo] = repository.split('/');
    const { data } = await client.rest.git.getCommit({
      owner,
      repo,
      commit_sha: head,
    });
    const [parent] = data.parents;
    await this.#store.saveParent(claim, parent?.sha, this.#now());
    if (parent) {
      // Whoever asks for the parent asks next what changed since.
      await this.#store.want(repository, parent.sha, head, this.#now());
    }
  }

  async #noteFailure(
    claim: ChangeClaim,
    error: unknown,
  ): Promise<GithubFailure['kind']> {
    const now = this.#now();
    const failure = githubFailure(error, now);
    const isOver = claim.attempts >= MAX_ATTEMPTS;
    this.#logger[isOver ? 'warn' : 'debug'](
      'GitHub does not tell what changed between two commits',
      {
        repository: claim.repository,
        base: claim.base ?? 'parent',
        head: claim.head,
        attempts: claim.attempts,
        cause: error instanceof Error ? error.message : String(error),
      },
    );
    if (failure.kind === 'limited') {
      await this.#store.postpone(claim, failure.until);
    } else if (isOver) {
      await this.#store.giveUp(claim, now);
    } else {
      await this.#store.postpone(claim, backOff(claim.attempts, now));
    }
    return failure.kind;
  }
}
