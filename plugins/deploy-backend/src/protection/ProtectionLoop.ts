import { LoggerService } from '@backstage/backend-plugin-api';
import { ProtectionAnswers } from './ProtectionAnswers';

/** Answers as soon as there is something to answer; what is left over, the schedule takes up. */
export class ProtectionLoop {
  readonly #answers: Pick<ProtectionAnswers, 'answerDue'>;
  readonly #logger: LoggerService;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #again = false;

  constructor(options: {
    answers: Pick<ProtectionAnswers, 'answerDue'>;
    logger: LoggerService;
  }) {
    this.#answers = options.answers;
    this.#logger = options.logger;
  }

  /** There may be something to answer. Returns at once. */
  wake(): void {
    if (this.#stopping.signal.aborted) {
      return;
    }
    this.#again = true;
    this.#running ??= this.#workOff().finally(() => {
      this.#running = undefined;
    });
  }

  /** Looks at what is due; for the schedule. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#answers.answerDue(
      AbortSignal.any([signal, this.#stopping.signal]),
    );
  }

  /** Ends what is under way, and waits for it. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #workOff(): Promise<void> {
    while (this.#again && !this.#stopping.signal.aborted) {
      this.#again = false;
      try {
        await this.#answers.answerDue(this.#stopping.signal);
      } catch (error) {
        this.#logger.warn('Protection rules could not be looked at', {
          cause: error instanceof Error ? error.message : String(error),
        });
      }
    }
  }
}
