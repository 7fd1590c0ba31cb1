import { LoggerService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import { CommitRange } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { GithubClients } from '../github/GithubClients';
import { repositoryPage } from '../github/repositoryPage';
import { ServiceStore } from '../store/ServiceStore';
import { addDetails } from './addDetails';
import { openPaths, openPulls } from './commitQuestions';
import { CommitRangeStore } from './CommitRangeStore';
import { GithubCommits, tellFailure } from './GithubCommits';
import { ListedCommits, listCommits } from './listCommits';
import { CommitPeople, peopleOfList } from './peopleOfList';
import { peopleUpTo } from './peopleUpTo';
import { RefOfCommit, refOfCommit } from './refOfCommit';
import { toCommitRange } from './toCommitRange';
import { CommitList, ServicePaths } from './types';
import { until } from './until';

const LIMIT_MS = 10_000;

const MAX_FIRST_RELEASES = 1_000;

const MAX_REFS = 1_000;
const REF_HOLDS_MS = 60_000;

const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** Which commits and pull requests a range is asked for. */
export interface CommitRangeQuery {
  service: ServicePaths;
  /** Full SHA. */
  from: string;
  /** Full SHA. */
  to: string;
}

/** What is known of a range. */
interface Found {
  listed?: ListedCommits;
  /** Why GitHub was not asked to the end. */
  problem?: string;
}

/** The commits and pull requests between any two releases; kept, as they never change. */
export class CommitRanges {
  readonly #store: CommitRangeStore;
  readonly #github: Pick<GithubClients, 'forUrl'>;
  readonly #services: Pick<ServiceStore, 'listPages'>;
  readonly #logger: LoggerService;
  readonly #limitMs: number;
  readonly #now: () => Date;
  /** Nothing of this ever changes: a commit has the history that it has. */
  readonly #firstReleases = new Map<string, CommitPeople>();
  readonly #refs = new Map<string, { told: RefOfCommit; until: number }>();

  constructor(options: {
    knex: Knex;
    github: Pick<GithubClients, 'forUrl'>;
    services: Pick<ServiceStore, 'listPages'>;
    logger: LoggerService;
    /** How long one range may take over all. Default: 10 seconds. */
    limitMs?: number;
    /** Default: the time that it is. */
    now?: () => Date;
  }) {
    this.#store = new CommitRangeStore(options.knex);
    this.#github = options.github;
    this.#services = options.services;
    this.#logger = options.logger;
    this.#limitMs = options.limitMs ?? LIMIT_MS;
    this.#now = options.now ?? (() => new Date());
  }

  /**
   * What a service gets, or loses, on the way from one commit to the other. From the database if GitHub
   * was asked before. It never fails because of GitHub: what is not known in time is said in `state` and
   * `message`.
   */
  async between(query: CommitRangeQuery): Promise<CommitRange> {
    const { from, to } = query;
    const found = await this.#find(query);
    if (found === 'same') {
      return { from, to, state: 'known', direction: 'same', commits: [] };
    }
    const { listed, problem } = found;
    return listed
      ? toCommitRange(query, listed.direction, listed.list, problem)
      : {
          from,
          to,
          state: 'unknown',
          direction: 'forward',
          commits: [],
          message: problem,
        };
  }

  /** Who wrote what a service gets on the way from one commit to the other. Never fails because of GitHub. */
  async peopleBetween(query: CommitRangeQuery): Promise<CommitPeople> {
    const found = await this.#find(query);
    if (found === 'same') {
      return { people: [], complete: true };
    }
    return found.listed
      ? peopleOfList(found.listed, query.service)
      : { people: [], complete: false };
  }

  /**
   * Who wrote a release of a service where nothing ran before. Never fails because of GitHub. What is known is
   * kept while this process lives.
   */
  async peopleUpTo({
    service,
    to,
  }: Pick<CommitRangeQuery, 'service' | 'to'>): Promise<CommitPeople> {
    const key = JSON.stringify([service.repository, service.paths, to]);
    const known = this.#firstReleases.get(key);
    if (known) {
      return known;
    }
    const signal = AbortSignal.timeout(this.#limitMs);
    try {
      const github = await until(signal, this.#open(service, signal));
      const people = await until(signal, peopleUpTo(github, service, to));
      if (this.#firstReleases.size >= MAX_FIRST_RELEASES) {
        this.#firstReleases.clear();
      }
      this.#firstReleases.set(key, people);
      return people;
    } catch (error) {
      this.#note({ service, from: 'nothing', to }, error, signal);
      return { people: [], complete: false };
    }
  }

  /**
   * What the name of a branch or tag says of a commit; undefined if GitHub does not answer. What is told holds for
   * a minute: branches and tags move.
   */
  async refOf(query: {
    repository: string;
    name: string;
    commit: string;
  }): Promise<RefOfCommit | undefined> {
    const { repository, name, commit } = query;
    const key = JSON.stringify([repository, name, commit]);
    const now = this.#now().getTime();
    const known = this.#refs.get(key);
    if (known && known.until > now) {
      return known.told;
    }
    const signal = AbortSignal.timeout(this.#limitMs);
    try {
      const github = await until(signal, this.#open(query, signal));
      const told = await until(signal, refOfCommit(github, name, commit));
      if (this.#refs.size >= MAX_REFS) {
        this.#refs.clear();
      }
      this.#refs.set(key, { told, until: now + REF_HOLDS_MS });
      return told;
    } catch (error) {
      this.#logger.debug('GitHub does not tell what a name is', {
        repository,
        name,
        cause: error instanceof Error ? error.message : String(error),
      });
      return undefined;
    }
  }

  async #find(query: CommitRangeQuery): Promise<'same' | Found> {
    const { service, from, to } = query;
    if (from === to) {
      return 'same';
    }
    if (!SHA.test(from) || !SHA.test(to)) {
      return { problem: 'Only full commit SHAs can be compared.' };
    }
    const signal = AbortSignal.timeout(this.#limitMs);
    const kept = await this.#kept(query);
    if (kept && isComplete(kept.list, service)) {
      return { listed: kept };
    }
    let listed = kept;
    try {
      const github = await until(signal, this.#open(service, signal));
      listed ??= await this.#list(query, github, signal);
      if (listed === undefined) {
        return 'same';
      }
      const { list, grew, failure } = await addDetails(
        github,
        listed.list,
        service,
        signal,
      );
      if (grew) {
        await this.#keep(query, { ...listed, list });
      }
      return {
        listed: { ...listed, list },
        ...(failure !== undefined && {
          problem: this.#note(query, failure, signal),
        }),
      };
    } catch (error) {
      return { listed, problem: this.#note(query, error, signal) };
    }
  }

  /** Forgets what was asked before a time, a bounded number in each statement. */
  async prune(before: Date): Promise<number> {
    return this.#store.prune(before);
  }

  async #kept({
    service: { repository },
    from,
    to,
  }: CommitRangeQuery): Promise<ListedCommits | undefined> {
    const forward = await this.#store.get(repository, from, to);
    if (forward) {
      return { direction: 'forward', list: forward };
    }
    const backward = await this.#store.get(repository, to, from);
    return backward && { direction: 'backward', list: backward };
  }

  async #keep(
    { service: { repository }, from, to }: CommitRangeQuery,
    { direction, list }: ListedCommits,
  ): Promise<void> {
    const ends =
      direction === 'forward'
        ? { base: from, head: to }
        : { base: to, head: from };
    await this.#store.save({ repository, ...ends }, list, this.#now());
  }

  async #open(
    { repository }: Pick<ServicePaths, 'repository'>,
    signal: AbortSignal,
  ): Promise<GithubCommits> {
    const page = await repositoryPage(this.#services, repository);
    const client = page && (await this.#github.forUrl(page, { wait: false }));
    if (!client) {
      throw new NotFoundError(
        `No GitHub integration has the host of ${repository}. Add one to integrations.github in app-config.`,
      );
    }
    return new GithubCommits({ client, repository, page, signal });
  }

  async #list(
    query: CommitRangeQuery,
    github: GithubCommits,
    signal: AbortSignal,
  ): Promise<ListedCommits | undefined> {
    const listed = await until(
      signal,
      listCommits(github, query.from, query.to),
    );
    if (listed) {
      await this.#keep(query, listed);
    }
    return listed;
  }

  /** Logs a failure; the answer is for whoever looks at the range. */
  #note(
    { service: { repository }, from, to }: CommitRangeQuery,
    error: unknown,
    signal: AbortSignal,
  ): string {
    this.#logger.debug(
      'GitHub does not tell the commits between two releases',
      {
        repository,
        from,
        to,
        cause: error instanceof Error ? error.message : String(error),
      },
    );
    if (signal.aborted) {
      return `GitHub did not answer within ${
        this.#limitMs / 1_000
      } seconds. Try again: what it told is kept.`;
    }
    return error instanceof NotFoundError
      ? error.message
      : tellFailure(error, this.#now());
  }
}

function isComplete(list: CommitList, service: ServicePaths): boolean {
  return (
    openPaths(list.commits, service).length === 0 &&
    openPulls(list.commits, service).length === 0
  );
}
