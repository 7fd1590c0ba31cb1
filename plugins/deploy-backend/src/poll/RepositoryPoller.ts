import { LoggerService } from '@backstage/backend-plugin-api';
import { GithubClient, GithubClients } from '../github/GithubClients';
import { Ingestor } from '../ingest/Ingestor';
import { PollMarks } from '../store/PollMarks';
import { ServiceStore } from '../store/ServiceStore';
import { TraceStore } from '../store/TraceStore';
import { lookBackTo } from './lookBack';
import { isBehind } from './missingRuns';

/** The most runs, and the most deployments, that one pass reads of a repository. */
const MAX_ITEMS = 1_000;

interface Repository {
  owner: string;
  repo: string;
}

/**
 * Brings in what missed webhooks left out, from GitHub's REST API. What it finds goes the way of
 * the webhooks: into the event log, and from there into deployments.
 */
export class RepositoryPoller {
  readonly #github: GithubClients;
  readonly #services: ServiceStore;
  readonly #traces: TraceStore;
  readonly #marks: PollMarks;
  readonly #ingestor: Ingestor;
  readonly #logger: LoggerService;
  /** By list: one that has not changed costs no rate limit. */
  readonly #etags = new Map<string, { question: string; etag: string }>();

  constructor(options: {
    github: GithubClients;
    services: ServiceStore;
    traces: TraceStore;
    marks: PollMarks;
    ingestor: Ingestor;
    logger: LoggerService;
  }) {
    this.#github = options.github;
    this.#services = options.services;
    this.#traces = options.traces;
    this.#marks = options.marks;
    this.#ingestor = options.ingestor;
    this.#logger = options.logger;
  }

  /** One pass over every repository. One that fails does not keep the others back. */
  async run(signal: AbortSignal): Promise<void> {
    for (const { repository, url } of await this.#services.listPages()) {
      if (signal.aborted) {
        return;
      }
      try {
        const client = await this.#github.forUrl(url);
        if (client) {
          await this.#poll(client, repository);
        }
      } catch (error) {
        this.#logger.warn('Repository could not be polled', {
          repository,
          cause: error instanceof Error ? error.message : String(error),
        });
      }
    }
  }

  async #poll(client: GithubClient, repository: string): Promise<void> {
    const [owner, repo] = repository.split('/');
    const start = new Date();
    const since = lookBackTo(start, await this.#marks.get(repository));
    await this.#pollRuns(client, { owner, repo }, repository, since);
    await this.#pollDeployments(client, { owner, repo }, repository, since);
    await this.#marks.set(repository, start);
  }

  async #pollRuns(
    client: GithubClient,
    at: Repository,
    repository: string,
    since: Date,
  ): Promise<void> {
    const list = `${repository}:runs`;
    const question = since.toISOString();
    const { items: runs, etag } = await readList(
      client.paginate.iterator(client.rest.actions.listWorkflowRunsForRepo, {
        ...at,
        created: `>=${question}`,
        per_page: 100,
        headers: this.#condition(list, question),
      }),
    );
    const traces = await this.#traces.getMany(
      runs.map(run => `${repository}:run:${run.id}`),
    );
    for (const run of runs) {
      if (isBehind(run, traces.get(`${repository}:run:${run.id}`))) {
        const jobs = await client.paginate(
          client.rest.actions.listJobsForWorkflowRunAttempt,
          {
            ...at,
            run_id: run.id,
            attempt_number: run.run_attempt ?? 1,
            per_page: 100,
          },
        );
        await this.#ingestor.receive('github.rest.run', {
          repository: { full_name: repository },
          workflow_run: run,
          jobs,
        });
      }
    }
    this.#remember(list, question, etag);
  }

  async #pollDeployments(
    client: GithubClient,
    at: Repository,
    repository: string,
    since: Date,
  ): Promise<void> {
    const list = `${repository}:deployments`;
    const question = 'all';
    const { items: deployments, etag } = await readList(
      client.paginate.iterator(client.rest.repos.listDeployments, {
        ...at,
        per_page: 100,
        headers: this.#condition(list, question),
      }),
    );
    for (const deployment of deployments) {
      if (
        Date.parse(deployment.created_at) >= since.getTime() &&
        !(await this.#traces.isDeploymentSettled(
          repository,
          String(deployment.id),
        ))
      ) {
        const statuses = await client.paginate(
          client.rest.repos.listDeploymentStatuses,
          { ...at, deployment_id: deployment.id, per_page: 100 },
        );
        await this.#ingestor.receive('github.rest.deployment', {
          repository: { full_name: repository },
          deployment,
          statuses,
        });
      }
    }
    this.#remember(list, question, etag);
  }

  #condition(list: string, question: string): Record<string, string> {
    const known = this.#etags.get(list);
    return known?.question === question ? { 'if-none-match': known.etag } : {};
  }

  /** Only once all of a list is taken in: what failed half-way has to be read again. */
  #remember(list: string, question: string, etag: string | undefined): void {
    if (etag) {
      this.#etags.set(list, { question, etag });
    }
  }
}

/** The items of a list, newest first; none if the list is as it was the last time. */
async function readList<T>(
  pages: AsyncIterable<{ data: T[]; headers: { etag?: string } }>,
): Promise<{ items: T[]; etag?: string }> {
  const items: T[] = [];
  let etag: string | undefined;
  try {
    for await (const page of pages) {
      etag ??= page.headers.etag;
      items.push(...page.data);
      if (items.length >= MAX_ITEMS) {
        break;
      }
    }
  } catch (error) {
    // Several copies of Octokit's error class may be installed.
    if (error instanceof Error && 'status' in error && error.status === 304) {
      return { items: [] };
    }
    throw error;
  }
  return { items: items.slice(0, MAX_ITEMS), etag };
}
