import { LoggerService } from '@backstage/backend-plugin-api';
import {
  DeployEventSource,
  Fact,
  NormalisedEvent,
} from '@vvp/backstage-plugin-deploy-node';
import { RepositoryMapper } from '../mapping/RepositoryMapper';
import { unmappedProblems } from '../mapping/unmappedProblems';
import { EventLog } from '../store/EventLog';
import { Problem, ProblemLog } from '../store/ProblemLog';
import { EventRow } from '../store/rows';
import { FoldResult, TraceStore } from '../store/TraceStore';
import { futureTimeOf } from './clockSkew';

/** After this many failures administrators are told; the event is tried on, ever more seldom. */
const REPORTED_ATTEMPTS = 5;

/** The longest an event waits before it is looked at again. */
const MAX_WAIT_MS = 60 * 60 * 1000;

/** How many events one pass of the retry takes at a time. */
const BATCH = 100;

/** What became of an event. */
export type IngestOutcome = 'duplicate' | 'done' | 'postponed' | 'refused';

/** Takes events from their arrival to the deployments that follow from them. */
export class Ingestor {
  readonly #sources: ReadonlyMap<string, DeployEventSource>;
  readonly #events: EventLog;
  readonly #problems: ProblemLog;
  readonly #traces: TraceStore;
  readonly #mapper: RepositoryMapper;
  readonly #logger: LoggerService;
  readonly #onPush: (repository: string) => Promise<void>;
  readonly #onChange: (serviceIds: readonly string[]) => void;
  readonly #onFolded: (
    repository: string,
    facts: readonly Fact[],
  ) => Promise<void>;
  readonly #now: () => Date;

  constructor(options: {
    sources: readonly DeployEventSource[];
    events: EventLog;
    problems: ProblemLog;
    traces: TraceStore;
    mapper: RepositoryMapper;
    logger: LoggerService;
    /** The files of a repository have changed. */
    onPush: (repository: string) => Promise<void>;
    /** Deployments of services have changed. */
    onChange: (serviceIds: readonly string[]) => void;
    /** Facts were folded. May come again with the same; if it rejects, the event is tried again. */
    onFolded?: (repository: string, facts: readonly Fact[]) => Promise<void>;
    now?: () => Date;
  }) {
    this.#sources = new Map(
      options.sources.flatMap(source =>
        source.topics.map(topic => [topic, source] as const),
      ),
    );
    this.#events = options.events;
    this.#problems = options.problems;
    this.#traces = options.traces;
    this.#mapper = options.mapper;
    this.#logger = options.logger;
    this.#onPush = options.onPush;
    this.#onChange = options.onChange;
    this.#onFolded = options.onFolded ?? (async () => {});
    this.#now = options.now ?? (() => new Date());
  }

  /** Every topic that somebody here understands. */
  get topics(): string[] {
    return [...this.#sources.keys()];
  }

  /** Stores an event, then makes of it what can be made. Rejects only if it could not be stored. */
  async receive(topic: string, payload: unknown): Promise<IngestOutcome> {
    const event = await this.#events.append({
      topic,
      payload,
      receivedAt: this.#now(),
    });
    return event ? this.#process(event) : 'duplicate';
  }

  /** Counts a delivery whose body could not be read. One row a topic: anybody may send such bodies. */
  async countUnreadable(payload: unknown): Promise<void> {
    await this.#report({
      kind: 'unreadable-body',
      message:
        'A webhook came in whose body is no JSON, or was cut off on its way; it was refused. Look at what stands between GitHub and this backend; the poll brings in what was lost.',
      subject: topicOf(payload),
    });
  }

  /** Takes up what was postponed or failed. Returns how many events were taken. */
  async retryDue(signal?: AbortSignal): Promise<number> {
    // What is postponed on the way is due later than this, and left to the next pass.
    const now = this.#now();
    let taken = 0;
    for (;;) {
      const events = await this.#events.claim({ limit: BATCH, now });
      for (const event of events) {
        if (signal?.aborted) {
          return taken;
        }
        await this.#process(event);
        taken += 1;
        // SQLite answers at once: without this nothing else would get its turn.
        await new Promise(resolve => setImmediate(resolve));
      }
      if (events.length < BATCH) {
        return taken;
      }
    }
  }

  async #process(event: EventRow): Promise<IngestOutcome> {
    try {
      const normalised = this.#normalise(event);
      if (normalised.type === 'ignored') {
        await this.#events.settle(event.id, 'done');
        return 'done';
      }
      if (normalised.type === 'push') {
        await this.#onPush(normalised.repository);
        await this.#events.settle(event.id, 'done', normalised.repository);
        return 'done';
      }
      return await this.#fold(event, normalised.repository, normalised.facts);
    } catch (error) {
      return this.#fail(event, error);
    }
  }

  #normalise(event: EventRow): NormalisedEvent {
    const source = this.#sources.get(event.topic);
    return source
      ? source.normalise(event.topic, JSON.parse(event.payload))
      : { type: 'ignored' };
  }

  async #fold(
    event: EventRow,
    repository: string,
    facts: Fact[],
  ): Promise<IngestOutcome> {
    const future = futureTimeOf(facts, this.#now());
    if (future) {
      await this.#report({
        kind: 'clock-skew',
        message:
          'An event speaks of a time that is still to come. It waits until then; check the clocks of this machine and of the source.',
        repository,
        subject: event.topic,
      });
      await this.#events.postpone(event.id, this.#atMost(future));
      return 'postponed';
    }
    const services = await this.#mapper.mappingsOf(repository);
    if (services === 'unknown' || services === 'removed') {
      await this.#report(unwanted(repository, services));
      await this.#events.settle(event.id, 'unmatched', repository);
      return 'refused';
    }
    const result = await this.#traces.fold(facts, services, this.#now());
    await this.#onFolded(repository, facts);
    await this.#events.settle(event.id, 'done', repository);
    await this.#reportUnmapped(repository, result);
    this.#onChange(result.serviceIds);
    return 'done';
  }

  async #reportUnmapped(repository: string, result: FoldResult): Promise<void> {
    for (const problem of unmappedProblems(repository, result.unmapped)) {
      await this.#report(problem);
    }
  }

  async #fail(event: EventRow, error: unknown): Promise<IngestOutcome> {
    if (error instanceof Error && error.name === 'InputError') {
      await this.#report({
        kind: 'malformed-payload',
        message: error.message,
        subject: event.topic,
      });
      await this.#events.settle(event.id, 'rejected');
      return 'refused';
    }
    if (event.attempts === REPORTED_ATTEMPTS) {
      await this.#report({
        kind: 'processing-failed',
        message:
          'An event could not be processed after several attempts. It is kept and tried again; see the backend log for the cause.',
        subject: event.topic,
      });
    }
    const waitMs = 30_000 * 2 ** Math.min(event.attempts, 10);
    await this.#events.postpone(
      event.id,
      this.#atMost(new Date(this.#now().getTime() + waitMs)),
    );
    this.#logger.warn('Event could not be processed and will be tried again', {
      topic: event.topic,
      attempt: event.attempts,
      cause: error instanceof Error ? error.message : String(error),
    });
    return 'postponed';
  }

  #atMost(time: Date): Date {
    return new Date(
      Math.min(time.getTime(), this.#now().getTime() + MAX_WAIT_MS),
    );
  }

  /** Logs a problem the first time it is seen, and counts it from then on. */
  async #report(problem: Problem): Promise<void> {
    if (await this.#problems.record(problem, this.#now())) {
      this.#logger.warn('Event could not be used', {
        kind: problem.kind,
        repository: problem.repository ?? '',
        subject: problem.subject ?? '',
      });
    }
  }
}

function topicOf(payload: unknown): string {
  return typeof payload === 'object' && payload && 'topic' in payload
    ? String(payload.topic)
    : '';
}

function unwanted(repository: string, reason: 'unknown' | 'removed'): Problem {
  return reason === 'unknown'
    ? {
        kind: 'unknown-repository',
        message:
          'No catalog entity names this repository. Register a Component with the annotation github.com/project-slug; its events are kept and taken up then.',
        repository,
      }
    : {
        kind: 'removed-entity',
        message:
          'The catalog entities of this repository were removed. Register them again to go on, or remove the webhook.',
        repository,
      };
}
