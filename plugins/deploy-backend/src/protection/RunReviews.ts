import { ConflictError, ServiceUnavailableError } from '@backstage/errors';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { Knex } from 'knex';
import { GithubAccess } from '../workflows/RepositoryClient';
import { CallbackStore } from './CallbackStore';
import { Ingest, refreshRun } from './refreshRun';
import { reviewPendingDeployment } from './reviewPending';
import { RunApi } from './RunApi';
import { KnownRun, RunQuestions, toQuestion } from './RunQuestions';
import { Answer, AskedQuestion } from './types';

/** Longer than that nobody looks at a page that loads. */
const PATIENCE_MS = 30_000;

/** A service that waits, by the run that brings it. */
export interface WaitingService {
  repository: string;
  runId: string;
  environmentId: string;
}

/** What runs ask of people at GitHub, and what people answer in their own name. */
export class RunReviews {
  readonly #store: CallbackStore;
  readonly #questions: RunQuestions;
  readonly #access: GithubAccess;
  readonly #ingest: Ingest;
  readonly #now: () => Date;

  constructor(options: {
    knex: Knex;
    access: GithubAccess;
    ingest: Ingest;
    now?: () => Date;
  }) {
    this.#store = new CallbackStore(options.knex);
    this.#questions = new RunQuestions(options.knex);
    this.#access = options.access;
    this.#ingest = options.ingest;
    this.#now = options.now ?? (() => new Date());
  }

  /** What a run asks where a service of it waits, by what is known; undefined if nothing of it does. */
  async questionOf(
    waiting: WaitingService,
  ): Promise<AskedQuestion | undefined> {
    const run = await this.#questions.load(waiting.repository, waiting.runId);
    return (await this.#find(waiting, run))?.question;
  }

  /**
   * The same as GitHub has it at this moment: a review lets in all that waits there.
   *
   * @throws ConflictError if a job waits where it does not belong; ServiceUnavailableError if GitHub does not
   *   answer
   */
  async freshQuestionOf(
    waiting: WaitingService,
  ): Promise<AskedQuestion | undefined> {
    const api = new RunApi(
      this.#access,
      waiting,
      AbortSignal.timeout(PATIENCE_MS),
    );
    try {
      const run = await refreshRun(
        { api, ingest: this.#ingest, questions: this.#questions },
        waiting,
      );
      const found = run && (await this.#find(waiting, run));
      if (found?.misplaced) {
        throw new ConflictError(found.misplaced);
      }
      return found?.question;
    } catch (error) {
      if (error instanceof TargetError) {
        throw new ServiceUnavailableError(
          `GitHub does not say who waits at the environment: ${error.message}`,
        );
      }
      throw error;
    }
  }

  /**
   * Answers in the name of the person whose token it is, as {@link reviewPendingDeployment} does, and with its
   * errors.
   */
  async give(
    { repository, runId, environment }: AskedQuestion,
    answer: { state: Answer; comment: string; token: string },
  ): Promise<void> {
    await reviewPendingDeployment(this.#access, {
      repository,
      runId,
      environment,
      ...answer,
    });
  }

  /** GitHub took an answer. */
  async settle(question: AskedQuestion, answer: Answer): Promise<void> {
    await this.#store.settleReviewed(question, answer, this.#now());
  }

  async #find(
    { repository, runId, environmentId }: WaitingService,
    run: KnownRun,
  ): Promise<ReturnType<typeof toQuestion> | undefined> {
    const open = await this.#store.listOpen({ repository, runIds: [runId] });
    for (const environment of new Set(open.map(one => one.environment))) {
      const callbacks = open.filter(one => one.environment === environment);
      const found = toQuestion(
        { owner: '', repository, runId, environment, callbacks },
        run,
      );
      const isOwn = found.question.concerns.some(
        concern => concern.environmentId === environmentId,
      );
      if (isOwn) {
        return found;
      }
    }
    return undefined;
  }
}
