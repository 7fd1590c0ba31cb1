import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { GithubClient, GithubClients } from '../github/GithubClients';
import { backOff, githubFailure } from '../github/githubFailure';
import { repositoryPage } from '../github/repositoryPage';
import { ServiceStore } from '../store/ServiceStore';
import { FeedbackClaim, FeedbackStore, LeaseLostError } from './FeedbackStore';
import { renderChecks, renderStatuses } from './renderCheck';
import { FeedbackSubject, LoadFeedback } from './types';
import { writeComment } from './writeComment';
import { WriteContext, writeChecks, writeStatuses } from './writeCommit';
import { noteHead } from './writtenComment';

/** What cannot be written so often is left until there is something new to say. */
const MAX_ATTEMPTS = 10;

/** How long credentials that may not write check runs are taken at their word. */
const REFUSAL_MS = 24 * 3_600_000;

/** Makes a client for a repository; throws if there is nobody to tell. */
type Connect = (repository: string) => Promise<GithubClient>;

/** The repository is not in the catalog any more, or on a host without an integration. */
class NobodyToTellError extends Error {}

/** Tells GitHub how commits stand: check runs or statuses, and one comment on a pull request. */
export class FeedbackWriter {
  readonly #store: FeedbackStore;
  readonly #github: Pick<GithubClients, 'forUrl'>;
  readonly #services: Pick<ServiceStore, 'listPages'>;
  readonly #load: LoadFeedback;
  readonly #logger: LoggerService;
  readonly #now: () => Date;

  constructor(options: {
    knex: Knex;
    github: Pick<GithubClients, 'forUrl'>;
    services: Pick<ServiceStore, 'listPages'>;
    load: LoadFeedback;
    logger: LoggerService;
    /** Default: the time that it is. */
    now?: () => Date;
  }) {
    this.#store = new FeedbackStore(options.knex);
    this.#github = options.github;
    this.#services = options.services;
    this.#load = options.load;
    this.#logger = options.logger;
    this.#now = options.now ?? (() => new Date());
  }

  /**
   * Notes that there is something new to say about a commit and, if named, about a pull request. Asks
   * nobody, and may be called any number of times.
   */
  async want(subject: FeedbackSubject): Promise<void> {
    const { repository, commit, pullRequest } = subject;
    const now = this.#now();
    await this.#store.want(repository, { commit }, now);
    if (pullRequest !== undefined) {
      await noteHead(this.#store, repository, pullRequest, commit);
      await this.#store.want(repository, { pullRequest }, now);
    }
  }

  /** Whether GitHub was told anything about a commit. */
  async hasTold(repository: string, commit: string): Promise<boolean> {
    return this.#store.hasTold(repository, commit);
  }

  /** Writes what is wanted and due. Tells how many commits and pull requests were brought up to date. */
  async writeDue(signal: AbortSignal): Promise<number> {
    let written = 0;
    const connect = this.#connector();
    while (!signal.aborted) {
      const claim = await this.#store.claimNext(this.#now());
      if (!claim) {
        break;
      }
      try {
        await this.#write(claim, connect, signal);
        await this.#store.settle(claim, this.#now());
        written += 1;
      } catch (error) {
        const isLimited = await this.#noteFailure(claim, error, signal);
        if (isLimited) {
          break;
        }
      }
    }
    return written;
  }

  /** Forgets what was written before a time, comments excepted, a bounded number in each statement. */
  async prune(before: Date): Promise<number> {
    return this.#store.prune(before);
  }

  /** Each repository's client is made once, when it is needed: that takes requests, too. */
  #connector(): Connect {
    const clients = new Map<string, GithubClient>();
    return async repository => {
      const known = clients.get(repository);
      if (known) {
        return known;
      }
      const url = await repositoryPage(this.#services, repository);
      const client = url && (await this.#github.forUrl(url, { wait: false }));
      if (!client) {
        throw new NobodyToTellError();
      }
      clients.set(repository, client);
      return client;
    };
  }

  async #write(
    claim: FeedbackClaim,
    connector: Connect,
    signal: AbortSignal,
  ): Promise<void> {
    const { repository, task } = claim;
    const connect = () => connector(repository);
    const goOn = async () => {
      signal.throwIfAborted();
      await this.#store.renew(claim, this.#now());
    };
    const common = { connect, goOn, store: this.#store };
    try {
      if ('pullRequest' in task) {
        const context = { ...common, load: this.#load };
        await writeComment(context, claim, task.pullRequest);
      } else {
        const { commit } = task;
        const context = { ...common, repository, commit, now: this.#now };
        await this.#writeCommit(context);
      }
    } catch (error) {
      if (!(error instanceof NobodyToTellError)) {
        throw error;
      }
    }
  }

  async #writeCommit(context: WriteContext): Promise<void> {
    const { repository, commit } = context;
    const input = await this.#load({ repository, commit });
    if (!input || input.services.length === 0) {
      return;
    }
    const [owner] = repository.split('/');
    const since = new Date(this.#now().getTime() - REFUSAL_MS);
    if (await this.#store.isRefused(owner, since)) {
      await writeStatuses(context, renderStatuses(input));
      return;
    }
    try {
      await writeChecks(context, renderChecks(input));
    } catch (error) {
      if (githubFailure(error, this.#now()).kind !== 'refused') {
        throw error;
      }
      await writeStatuses(context, renderStatuses(input));
      // Had this been refused, too, it would say nothing about check runs.
      await this.#store.noteRefusal(owner, this.#now());
      this.#logger.info(
        'Check runs need a GitHub App with write access to checks; commit statuses are written instead',
        { repository, cause: messageOf(error) },
      );
      return;
    }
    // Of a time when check runs were refused.
    await writeStatuses(context, []);
  }

  /** True if GitHub's limit of requests is reached. */
  async #noteFailure(
    claim: FeedbackClaim,
    error: unknown,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (error instanceof LeaseLostError) {
      return false;
    }
    const now = this.#now();
    if (signal.aborted) {
      await this.#store.postpone(claim, now);
      return false;
    }
    const failure = githubFailure(error, now);
    if (failure.kind === 'limited') {
      await this.#store.postpone(claim, failure.until);
      return true;
    }
    const { repository, subject, attempts } = claim;
    const cause = messageOf(error);
    if (attempts >= MAX_ATTEMPTS) {
      await this.#store.giveUp(claim, now);
      this.#logger.warn('Feedback could not be written to GitHub', {
        repository,
        subject,
        cause,
      });
    } else {
      await this.#store.postpone(claim, backOff(attempts, now));
      this.#logger.debug('Feedback to GitHub will be tried again', {
        repository,
        subject,
        attempts,
        cause,
      });
    }
    return false;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
