import { MINUTE } from '../state/time';
import type { WorkflowJob } from '../state/model';

/** What a job of a workflow has to tell the portal, in the format of the tool that wrote it. */
export interface JobReport {
  /** Below the address of the portal's deploy backend. */
  path: string;
  query: Record<string, string>;
  contentType: string;
  body: string;
  /** Who the job says it is: with an ID token of its own, or with the key of VVP's pipeline. */
  as: 'job' | 'api-key';
}

export interface ReportTarget {
  /** Base address of the deploy backend, such as `http://127.0.0.1:7007/api/deploy`. */
  url: string;
  /** Of VVP's result endpoint. */
  apiKey: string | undefined;
}

const AUDIENCE = 'deploy';
const GIVE_UP_AFTER = 5 * MINUTE;
const RETRY_AFTER = 1_000;

/** Posts the reports of jobs one after the other, as `curl` in their last step would. */
export class ReportSender {
  readonly #target: ReportTarget;
  readonly #tokenOf: (job: WorkflowJob, audience: string) => Promise<string>;
  readonly #waiting: Array<{ job: WorkflowJob; report: JobReport }> = [];
  #open = true;
  #sending = false;
  #stopped = false;
  #refused = 0;
  /** Services of which the portal has taken a report. */
  readonly #taken = new Set<string>();

  constructor(
    target: ReportTarget,
    tokenOf: (job: WorkflowJob, audience: string) => Promise<string>,
  ) {
    this.#target = target;
    this.#tokenOf = tokenOf;
  }

  /** How many wait to be sent, and how many the portal did not take. */
  get state(): { waiting: number; refused: number } {
    return {
      waiting: this.#waiting.length + (this.#sending ? 1 : 0),
      refused: this.#refused,
    };
  }

  /** Holds everything back until {@link release}. */
  hold(): void {
    this.#open = false;
  }

  release(): void {
    this.#open = true;
    void this.#pump();
  }

  add(job: WorkflowJob, reports: JobReport[]): void {
    this.#waiting.push(...reports.map(report => ({ job, report })));
    void this.#pump();
  }

  stop(): void {
    this.#stopped = true;
  }

  async #pump(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    while (this.#open && !this.#stopped) {
      const next = this.#waiting.shift();
      if (!next) break;
      await this.#send(next.job, next.report);
    }
    this.#sending = false;
  }

  async #send(job: WorkflowJob, report: JobReport): Promise<void> {
    const deadline = Date.now() + GIVE_UP_AFTER;
    const about = report.query.entityRef ?? report.path;
    let answer = 'nobody answered';
    while (!this.#stopped && Date.now() < deadline) {
      try {
        const response = await fetch(
          `${this.#target.url}${report.path}?${new URLSearchParams(
            report.query,
          )}`,
          {
            method: 'POST',
            headers: {
              'content-type': report.contentType,
              ...(await this.#credentials(job, report)),
            },
            body: report.body,
          },
        );
        answer = `${response.status} ${(await response.text()).slice(0, 300)}`;
        if (response.ok) {
          this.#taken.add(about);
          return;
        }
        // The portal may not be up, or not know the service and its environments yet.
        const isEarly =
          [400, 403, 404].includes(response.status) && !this.#taken.has(about);
        if (!isEarly && ![429, 502, 503].includes(response.status)) break;
      } catch (cause) {
        answer = String(cause);
      }
      await new Promise(resolve => setTimeout(resolve, RETRY_AFTER));
    }
    if (this.#stopped) return;
    this.#refused += 1;
    process.stderr.write(`A report of ${job.name} was not taken: ${answer}\n`);
  }

  async #credentials(
    job: WorkflowJob,
    report: JobReport,
  ): Promise<Record<string, string>> {
    if (report.as === 'api-key') {
      return this.#target.apiKey ? { 'x-api-key': this.#target.apiKey } : {};
    }
    return { authorization: `Bearer ${await this.#tokenOf(job, AUDIENCE)}` };
  }
}
