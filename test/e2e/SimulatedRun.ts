import { setTimeout as wait } from 'node:timers/promises';
import type {
  DeliverySummary,
  Outcomes,
  RuleReportSummary,
  RunSummary,
} from '../simulators/github/client/types';
import { requiredEnvironment } from './environment';

const POLL_MS = 200;

/** A run of VVP's pipeline that somebody's push started at the simulated GitHub. */
export class SimulatedRun {
  readonly id: number;
  /** Commit that was pushed. */
  readonly commit: string;

  static async push(request: {
    author: string;
    message: string;
    files: Record<string, string>;
    outcomes?: Outcomes;
  }): Promise<SimulatedRun> {
    const { sha, runs } = await control<{ sha: string; runs: number[] }>(
      'POST',
      '/pushes',
      request,
    );
    return new SimulatedRun(runs[0], sha);
  }

  private constructor(id: number, commit: string) {
    this.id = id;
    this.commit = commit;
  }

  /** Its latest attempt. */
  async attempt(): Promise<RunSummary['attempts'][number]> {
    const { attempts } = await control<RunSummary>('GET', `/runs/${this.id}`);
    return attempts[attempts.length - 1];
  }

  /** Waits until a job of the latest attempt has a status. */
  async jobIs(name: string, status: string): Promise<void> {
    for (;;) {
      const { jobs } = await this.attempt();
      if (jobs.some(job => job.name === name && job.status === status)) {
        return;
      }
      await wait(POLL_MS);
    }
  }

  /** Waits for the end of the latest attempt; gives its conclusion. */
  async ended(): Promise<string | undefined> {
    for (;;) {
      const { status, conclusion } = await this.attempt();
      if (status === 'completed') {
        return conclusion;
      }
      await wait(POLL_MS);
    }
  }

  /** Runs again what failed. */
  async rerun(actor: string): Promise<void> {
    await control('POST', `/runs/${this.id}/rerun`, {
      actor,
      failedOnly: true,
    });
  }

  /** Approvals and rejections that the portal gave GitHub, in order. */
  async answers(): Promise<(string | undefined)[]> {
    const reports = await control<RuleReportSummary[]>(
      'GET',
      `/runs/${this.id}/rule-reports`,
    );
    return reports.flatMap(({ state }) => state ?? []);
  }

  /** What GitHub told of a job by webhook in one attempt, in order. */
  async jobEvents(name: string, attempt: number): Promise<string[]> {
    const deliveries = await ask<DeliverySummary[]>('GET', '/deliveries');
    const jobs = deliveries.filter(
      ({ event, repository }) =>
        event === 'workflow_job' && repository === 'example-org/vvp',
    );
    const actions: string[] = [];
    // Nothing of a run is told before it began: its events are among the last.
    for (const { id, action } of jobs.slice(-60)) {
      const { payload } = await ask<{
        payload: {
          workflow_job: { run_id: number; run_attempt: number; name: string };
        };
      }>('GET', `/deliveries/${id}`);
      const job = payload.workflow_job;
      if (
        job.run_id === this.id &&
        job.run_attempt === attempt &&
        job.name === name
      ) {
        actions.push(`${action}`);
      }
    }
    return actions;
  }
}

function control<T>(method: string, path: string, body?: object): Promise<T> {
  return ask(method, `/repositories/example-org/vvp${path}`, body);
}

async function ask<T>(method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(
    `${requiredEnvironment('E2E_GITHUB_URL')}/_control${path}`,
    { method, ...(body && { body: JSON.stringify(body) }) },
  );
  if (!response.ok) {
    throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }
  return response.json();
}
