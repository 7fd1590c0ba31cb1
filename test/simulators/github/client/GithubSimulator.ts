import type { ChildProcess } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { stopProcess, type ReadyLine } from './childProcess';
import { loopbackRequest, type LoopbackResponse } from './loopbackRequest';
import type {
  DeliveryFaults,
  DeliverySummary,
  DispatchRequest,
  EnvironmentRequest,
  FeedbackSummary,
  Outcomes,
  PullRequestRequest,
  PushRequest,
  RepositoryRequest,
  RestFault,
  RuleReportSummary,
  RunSummary,
  StartRequest,
  TagRequest,
  ValidationReport,
} from './types';

/** A delivery with what was sent. */
export interface DeliveryDetail extends DeliverySummary {
  body: string;
  payload: Record<string, unknown>;
}

/** A running simulator, by its control API. */
export class GithubSimulator {
  readonly url: string;
  readonly apiUrl: string;
  readonly issuer: string;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, ready: ReadyLine) {
    this.#child = child;
    this.url = ready.url;
    this.apiUrl = ready.apiUrl;
    this.issuer = ready.issuer;
  }

  /** `host:port`, as an integration's `host`. */
  get host(): string {
    return new URL(this.url).host;
  }

  createRepository(
    request: RepositoryRequest,
  ): Promise<{ id: number; fullName: string; sha: string }> {
    return this.#control('POST', '/repositories', request);
  }

  /** Commits and pushes; the runs that this starts are played at once. */
  push(
    repository: string,
    request: PushRequest,
  ): Promise<{ sha: string; runs: number[] }> {
    return this.#control('POST', `/repositories/${repository}/pushes`, request);
  }

  pushTag(
    repository: string,
    request: TagRequest,
  ): Promise<{ sha: string; runs: number[] }> {
    return this.#control('POST', `/repositories/${repository}/tags`, request);
  }

  /** Starts a workflow by schedule or dispatch. */
  start(repository: string, request: StartRequest): Promise<{ run: number }> {
    return this.#control('POST', `/repositories/${repository}/starts`, request);
  }

  openPullRequest(
    repository: string,
    request: PullRequestRequest,
  ): Promise<{ number: number; sha: string; runs: number[] }> {
    return this.#control('POST', `/repositories/${repository}/pulls`, request);
  }

  mergePullRequest(
    repository: string,
    number: number,
    outcomes: Outcomes = {},
  ): Promise<{ sha: string; runs: number[] }> {
    const path = `/repositories/${repository}/pulls/${number}/merge`;
    return this.#control('POST', path, { outcomes });
  }

  setEnvironment(
    repository: string,
    name: string,
    request: EnvironmentRequest,
  ): Promise<{ id: number }> {
    const path = `/repositories/${repository}/environments/${encodeURIComponent(
      name,
    )}`;
    return this.#control('PUT', path, request);
  }

  /** How jobs of runs end that nobody gave outcomes (dispatched by REST). */
  async setOutcomes(repository: string, outcomes: Outcomes): Promise<void> {
    await this.#control(
      'PUT',
      `/repositories/${repository}/outcomes`,
      outcomes,
    );
  }

  run(repository: string, id: number): Promise<RunSummary> {
    return this.#control('GET', `/repositories/${repository}/runs/${id}`);
  }

  /** What the app told the custom rules of a run, in order. */
  ruleReports(repository: string, id: number): Promise<RuleReportSummary[]> {
    const path = `/repositories/${repository}/runs/${id}/rule-reports`;
    return this.#control('GET', path);
  }

  /** Starts what waits at an environment as its administrator, whatever its rules say. */
  async bypassRules(
    repository: string,
    id: number,
    environment: string,
  ): Promise<void> {
    const path = `/repositories/${repository}/runs/${id}/bypass`;
    await this.#control('POST', path, { environment });
  }

  rerun(
    repository: string,
    id: number,
    request: { failedOnly?: boolean; actor?: string; outcomes?: Outcomes } = {},
  ): Promise<{ attempt: number }> {
    const path = `/repositories/${repository}/runs/${id}/rerun`;
    return this.#control('POST', path, request);
  }

  /** Ends a job whose outcome was `hold`. */
  async completeJob(
    repository: string,
    id: number,
    conclusion: 'success' | 'failure' = 'success',
  ): Promise<void> {
    const path = `/repositories/${repository}/jobs/${id}/complete`;
    await this.#control('POST', path, { conclusion });
  }

  /** The ID token that GitHub would give to this job. */
  async oidcToken(
    repository: string,
    jobId: number,
    request: {
      audience: string;
      overrides?: Record<string, unknown>;
      expiresIn?: number;
    },
  ): Promise<string> {
    const path = `/repositories/${repository}/jobs/${jobId}/token`;
    const { token } = await this.#control<{ token: string }>(
      'POST',
      path,
      request,
    );
    return token;
  }

  async rotateOidcKeys(options: { forget?: boolean } = {}): Promise<void> {
    await this.#control('POST', '/oidc/rotate', options);
  }

  deliveries(): Promise<DeliverySummary[]> {
    return this.#control('GET', '/deliveries');
  }

  delivery(id: number): Promise<DeliveryDetail> {
    return this.#control('GET', `/deliveries/${id}`);
  }

  async redeliver(id: number): Promise<void> {
    await this.#control('POST', `/deliveries/${id}/redeliver`);
  }

  /** Resolves when every delivery has been sent. */
  async flush(): Promise<void> {
    await this.#control('POST', '/deliveries/flush');
  }

  async holdDeliveries(): Promise<void> {
    await this.#control('POST', '/deliveries/hold');
  }

  async releaseDeliveries(): Promise<void> {
    await this.#control('POST', '/deliveries/release');
  }

  async setFaults(faults: DeliveryFaults): Promise<void> {
    await this.#control('PUT', '/faults', faults);
  }

  /** Makes an operation answer this body, right or wrong; without one, as usual. */
  async override(operationId: string, body?: unknown): Promise<void> {
    const path = `/overrides/${encodeURIComponent(operationId)}`;
    await this.#control('PUT', path, { body });
  }

  /** Check runs, statuses and comments that were written. */
  feedback(repository: string): Promise<FeedbackSummary> {
    return this.#control('GET', `/repositories/${repository}/feedback`);
  }

  /** Makes an operation fail for a while; `changes` is everything but reading, `*` everything. */
  async failRest(operationId: string, fault: RestFault): Promise<void> {
    const path = `/rest-faults/${encodeURIComponent(operationId)}`;
    await this.#control('PUT', path, fault);
  }

  /** All of {@link failRest} is over. */
  async clearRestFaults(): Promise<void> {
    await this.#control('POST', '/rest-faults');
  }

  async setDispatches(request: DispatchRequest): Promise<void> {
    await this.#control('PUT', '/dispatches', request);
  }

  /** A disabled workflow is not started by anything. */
  async enableWorkflow(
    repository: string,
    file: string,
    enabled: boolean,
  ): Promise<void> {
    await this.#control(
      'PUT',
      `/repositories/${repository}/workflows/${file}`,
      {
        enabled,
      },
    );
  }

  /** Validates a payload as if it were to be delivered. */
  async validateWebhook(
    event: string,
    action: string | undefined,
    payload: unknown,
  ): Promise<void> {
    const request = { event, action, payload };
    await this.#control('POST', '/validation/webhooks', request);
  }

  validation(): Promise<ValidationReport> {
    return this.#control('GET', '/validation');
  }

  async resetValidation(): Promise<void> {
    await this.#control('POST', '/validation/reset');
  }

  /** Leaves the report for the summary that is printed after all tests. */
  async saveValidation(file: string): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(
      file,
      JSON.stringify(await this.validation(), undefined, 2),
    );
  }

  /** A call of GitHub's REST API. */
  rest(
    method: string,
    path: string,
    options: {
      token?: string;
      headers?: Record<string, string>;
      body?: unknown;
    } = {},
  ): Promise<LoopbackResponse> {
    const authorization = options.token
      ? { authorization: `Bearer ${options.token}` }
      : undefined;
    return loopbackRequest(`${this.apiUrl}${path}`, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        'content-type': 'application/json',
        ...authorization,
        ...options.headers,
      },
      body:
        options.body === undefined ? undefined : JSON.stringify(options.body),
    });
  }

  async stop(): Promise<void> {
    await stopProcess(this.#child);
  }

  async #control<T>(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: unknown,
  ): Promise<T> {
    const response = await loopbackRequest(`${this.url}/_control${path}`, {
      method,
      body: method === 'GET' ? undefined : JSON.stringify(body ?? {}),
    });
    if (response.status !== 200) {
      throw new Error(`${method} ${path}: ${response.text}`);
    }
    return response.json<T>();
  }
}
