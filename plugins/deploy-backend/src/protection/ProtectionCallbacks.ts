import { LoggerService } from '@backstage/backend-plugin-api';
import { ScmIntegrationRegistry } from '@backstage/integration';
import { Fact, ProtectionFact } from '@vvp/backstage-plugin-deploy-node';
import { Knex } from 'knex';
import { repositoryPage } from '../github/repositoryPage';
import { ProblemLog } from '../store/ProblemLog';
import { ServiceStore } from '../store/ServiceStore';
import { TraceStore } from '../store/TraceStore';
import { RunQuestions, waitedFor } from './RunQuestions';
import { CallbackPlace, CallbackStore } from './CallbackStore';
import { waitingJobsOf } from './concerned';
import { missedCallbacks } from './missedCallbacks';
import { Place } from './denoted';
import { ProtectionCallback } from './types';

/** Whether approvals of the portal are given as reviews at GitHub there. */
export type IsReviewed = (
  place: Pick<Place, 'serviceId' | 'environment'>,
) => Promise<boolean>;

/** Keeps what GitHub's protection rules ask, as the events tell. */
export class ProtectionCallbacks {
  readonly #store: CallbackStore;
  readonly #traces: TraceStore;
  readonly #services: Pick<ServiceStore, 'listPages'>;
  readonly #problems: ProblemLog;
  readonly #integrations: ScmIntegrationRegistry;
  readonly #logger: LoggerService;
  readonly #isReviewed: IsReviewed;
  readonly #questions: RunQuestions;
  readonly #onOpen: () => void;
  readonly #now: () => Date;

  constructor(options: {
    knex: Knex;
    services: Pick<ServiceStore, 'listPages'>;
    problems: ProblemLog;
    integrations: ScmIntegrationRegistry;
    logger: LoggerService;
    /** Default: nowhere. */
    isReviewed?: IsReviewed;
    /** There may be something to answer. */
    onOpen: () => void;
    /** Default: the time that it is. */
    now?: () => Date;
  }) {
    this.#store = new CallbackStore(options.knex);
    this.#traces = new TraceStore(options.knex);
    this.#services = options.services;
    this.#problems = options.problems;
    this.#integrations = options.integrations;
    this.#logger = options.logger;
    this.#isReviewed = options.isReviewed ?? (async () => false);
    this.#questions = new RunQuestions(options.knex);
    this.#onOpen = options.onOpen;
    this.#now = options.now ?? (() => new Date());
  }

  /**
   * Takes what events said once it is folded. The same again changes nothing; if it throws, the event is
   * tried again.
   */
  async onFolded(repository: string, facts: readonly Fact[]): Promise<void> {
    for (const fact of facts) {
      if (fact.kind === 'protection') {
        await this.receive(fact);
      }
    }
    await this.#findMissed(repository, facts);
    const runIds = new Set(facts.flatMap(fact => fact.runId ?? []));
    const touched = await this.#store.touch(
      { repository, runIds: [...runIds] },
      this.#now(),
    );
    if (touched > 0 || facts.some(fact => fact.kind === 'protection')) {
      this.#onOpen();
    }
  }

  /** Keeps a callback. One that names another host than GitHub's own is refused, and reported. */
  async receive(fact: ProtectionFact): Promise<'kept' | 'known' | 'refused'> {
    if (await this.#isForeign(fact)) {
      const problem = {
        kind: 'foreign-callback',
        message:
          'GitHub asked for an answer at another host than the one that integrations.github of app-config has for this repository; it gets none. Correct apiBaseUrl there.',
        repository: fact.repository,
        subject: fact.environment,
      };
      if (await this.#problems.record(problem, this.#now())) {
        this.#logger.warn('A callback of another host was refused', {
          repository: fact.repository,
          environment: fact.environment,
        });
      }
      return 'refused';
    }
    const isNew = await this.#store.record(fact, this.#now());
    return isNew ? 'kept' : 'known';
  }

  /** Callbacks that have no answer yet, oldest first. */
  async open(
    place: CallbackPlace & { limit?: number },
  ): Promise<ProtectionCallback[]> {
    return this.#store.listOpen(place);
  }

  /** Something changed that decides about runs, such as a promotion: they are looked at at once. */
  async changed(place: CallbackPlace): Promise<void> {
    await this.#store.touch(place, this.#now());
    this.#onOpen();
  }

  /** Forgets what was decided before a time. */
  async prune(before: Date): Promise<number> {
    return this.#store.prune(before);
  }

  async #isForeign({ repository, callbackUrl }: ProtectionFact) {
    const page = await repositoryPage(this.#services, repository);
    const base =
      page && this.#integrations.github.byUrl(page)?.config.apiBaseUrl;
    // Nobody is asked at the URL itself; without an integration, who answers says what is missing.
    return Boolean(base) && !callbackUrl.startsWith(`${base}/repos/`);
  }

  /**
   * A webhook may be lost: a job that waits where runs have asked before asks, too. One that waits for a person
   * asks nobody: it is found here only.
   */
  async #findMissed(repository: string, facts: readonly Fact[]): Promise<void> {
    const runIds = new Set(
      facts.flatMap(fact =>
        (fact.kind === 'job' && fact.status === 'waiting') ||
        fact.kind === 'review' ||
        (fact.kind === 'deployment' && fact.status)
          ? fact.runId ?? []
          : [],
      ),
    );
    if (runIds.size === 0) {
      return;
    }
    const traces = await this.#traces.getMany(
      [...runIds].map(id => `${repository}:run:${id}`),
    );
    for (const runId of runIds) {
      const trace = traces.get(`${repository}:run:${runId}`);
      if (trace && waitingJobsOf(trace).length > 0) {
        await this.#findReviews(repository, runId);
      }
    }
    const asking = await this.#store.askingEnvironments(repository);
    if (asking.length === 0) {
      return;
    }
    for (const trace of traces.values()) {
      for (const missed of missedCallbacks(trace, asking)) {
        if (await this.#store.record(missed, this.#now())) {
          this.#onOpen();
        }
      }
    }
  }

  async #findReviews(repository: string, runId: string): Promise<void> {
    const run = await this.#questions.load(repository, runId);
    const reviewed: string[] = [];
    for (const { environment, places } of waitedFor(run)) {
      const own = await Promise.all(places.map(this.#isReviewed));
      if (own.includes(true)) {
        reviewed.push(environment);
      }
    }
    for (const found of missedCallbacks(run.trace, reviewed)) {
      if (await this.#store.record(found, this.#now(), 'review')) {
        this.#onOpen();
      }
    }
  }
}
