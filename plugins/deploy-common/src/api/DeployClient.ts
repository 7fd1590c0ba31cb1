import { parseEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import { Hold, Lock, Quarantine, RevisionQuarantine } from '../admission';
import {
  ApprovalRequest,
  CommitRange,
  ConfigurationComparison,
  Deployment,
  Evidence,
  EvidenceDetail,
  Freeze,
  FreezePreview,
  FreezeWindow,
  GateSummary,
  GITHUB_TOKEN_HEADER,
  IngestProblem,
  NewFreeze,
  Operation,
  OperationSummary,
  Page,
  Promotion,
  PromotionClass,
  PromotionRequest,
  PromotionSummary,
  Readiness,
  ReleaseSummary,
  RevisionList,
  RollbackPreview,
  RollbackRequest,
  ServiceOverview,
  ServiceSummary,
  StartedOperation,
  TargetDiagnostics,
  Trends,
  Waiver,
} from '../model';
import {
  DeployApi,
  DeploymentFilter,
  EvidenceFilter,
  OperationFilter,
  PromotionFilter,
  ReviewOptions,
  ServiceFilter,
  StartOptions,
  TrendFilter,
} from './DeployApi';

/**
 * Talks to the deploy backend over HTTP.
 *
 * @public
 */
export class DeployClient implements DeployApi {
  readonly #discoveryApi: { getBaseUrl(pluginId: string): Promise<string> };
  readonly #fetchApi: { fetch: typeof fetch };

  constructor(options: {
    discoveryApi: { getBaseUrl(pluginId: string): Promise<string> };
    fetchApi: { fetch: typeof fetch };
  }) {
    this.#discoveryApi = options.discoveryApi;
    this.#fetchApi = options.fetchApi;
  }

  async getService(entityRef: string): Promise<ServiceOverview> {
    return this.#get(servicePath(entityRef));
  }

  async listDeployments(
    entityRef: string,
    filter: DeploymentFilter = {},
  ): Promise<Page<Deployment>> {
    return this.#get(`${servicePath(entityRef)}/deployments`, { ...filter });
  }

  async getDeployment(id: string): Promise<Deployment> {
    return this.#get(`/deployments/${encodeURIComponent(id)}`);
  }

  async rerunFailedJobs(
    deploymentId: string,
    request: { reason: string; confirm?: string },
    options: StartOptions = {},
  ): Promise<StartedOperation> {
    const path = `/deployments/${encodeURIComponent(
      deploymentId,
    )}/rerun-failed-jobs`;
    return this.#start(path, request, options);
  }

  async listEvidence(
    entityRef: string,
    filter: EvidenceFilter = {},
  ): Promise<Page<Evidence>> {
    return this.#get(`${servicePath(entityRef)}/evidence`, { ...filter });
  }

  async getEvidence(id: string): Promise<EvidenceDetail> {
    return this.#get(`/evidence/${encodeURIComponent(id)}`);
  }

  async getTrends(entityRef: string, filter: TrendFilter): Promise<Trends> {
    return this.#get(`${servicePath(entityRef)}/trends`, { ...filter });
  }

  async getGates(
    entityRef: string,
    environment: string,
    commit: string,
  ): Promise<GateSummary> {
    return this.#get(`${environmentPath(entityRef, environment)}/gates`, {
      commit,
    });
  }

  async waiveGate(
    gateId: string,
    waiver: { reason: string; expiresAt: string },
  ): Promise<Waiver> {
    return this.#post(`/gates/${encodeURIComponent(gateId)}/waiver`, waiver);
  }

  async listServices(
    filter: ServiceFilter = {},
  ): Promise<Page<ServiceSummary>> {
    return this.#get('/services', { ...filter });
  }

  async listIngestProblems(
    options: { limit?: number; cursor?: string } = {},
  ): Promise<Page<IngestProblem>> {
    return this.#get('/ingest/problems', { ...options });
  }

  async listRevisions(
    entityRef: string,
    environment: string,
  ): Promise<RevisionList> {
    return this.#get(`${environmentPath(entityRef, environment)}/revisions`);
  }

  async getDiagnostics(
    entityRef: string,
    environment: string,
  ): Promise<TargetDiagnostics> {
    return this.#get(`${environmentPath(entityRef, environment)}/diagnostics`);
  }

  async previewRollback(
    rollback: Pick<RollbackRequest, 'entityRef' | 'environment' | 'revision'>,
  ): Promise<RollbackPreview> {
    return this.#post('/rollbacks/preview', rollback);
  }

  async rollBack(
    rollback: RollbackRequest,
    options: StartOptions = {},
  ): Promise<StartedOperation> {
    return this.#start('/rollbacks', rollback, options);
  }

  async redeploy(
    entityRef: string,
    environment: string,
    request: {
      commit?: string;
      reason: string;
      confirm?: string;
      override?: string;
    },
    options: StartOptions = {},
  ): Promise<StartedOperation> {
    const path = `${environmentPath(entityRef, environment)}/redeploy`;
    return this.#start(path, request, options);
  }

  async restart(
    entityRef: string,
    environment: string,
    request: { reason: string; confirm?: string },
    options: StartOptions = {},
  ): Promise<StartedOperation> {
    const path = `${environmentPath(entityRef, environment)}/restart`;
    return this.#start(path, request, options);
  }

  async rerunTests(
    entityRef: string,
    environment: string,
    options: StartOptions = {},
  ): Promise<StartedOperation> {
    const path = `${environmentPath(entityRef, environment)}/rerun-tests`;
    return this.#start(path, {}, options);
  }

  async getOperation(id: string): Promise<Operation> {
    return this.#get(`/operations/${encodeURIComponent(id)}`);
  }

  async listOperations(
    entityRef: string,
    filter: OperationFilter = {},
  ): Promise<Page<OperationSummary>> {
    return this.#get(`${servicePath(entityRef)}/operations`, { ...filter });
  }

  async cancelOperation(id: string): Promise<Operation> {
    return this.#post(`/operations/${encodeURIComponent(id)}/cancel`, {});
  }

  async setHold(
    entityRef: string,
    environment: string,
    request: { reason: string },
  ): Promise<Hold> {
    return this.#post(
      `${environmentPath(entityRef, environment)}/hold`,
      request,
    );
  }

  async liftHold(entityRef: string, environment: string): Promise<void> {
    await this.#delete(`${environmentPath(entityRef, environment)}/hold`);
  }

  async lockEnvironment(
    entityRef: string,
    environment: string,
    request: { reason: string; expiresAt?: string },
  ): Promise<Lock> {
    return this.#post(
      `${environmentPath(entityRef, environment)}/lock`,
      request,
    );
  }

  async unlockEnvironment(
    entityRef: string,
    environment: string,
  ): Promise<void> {
    await this.#delete(`${environmentPath(entityRef, environment)}/lock`);
  }

  async listLocks(
    options: { limit?: number; cursor?: string } = {},
  ): Promise<Page<Lock>> {
    return this.#get('/locks', { ...options });
  }

  async quarantineRelease(
    releaseId: string,
    request: { reason: string },
  ): Promise<Quarantine> {
    return this.#post(
      `/releases/${encodeURIComponent(releaseId)}/quarantine`,
      request,
    );
  }

  async liftQuarantine(releaseId: string): Promise<void> {
    await this.#delete(`/releases/${encodeURIComponent(releaseId)}/quarantine`);
  }

  async quarantineRevision(
    entityRef: string,
    environment: string,
    revision: string,
    request: { reason: string },
  ): Promise<RevisionQuarantine> {
    return this.#post(
      revisionQuarantinePath(entityRef, environment, revision),
      request,
    );
  }

  async liftRevisionQuarantine(
    entityRef: string,
    environment: string,
    revision: string,
  ): Promise<void> {
    await this.#delete(
      revisionQuarantinePath(entityRef, environment, revision),
    );
  }

  async listCommits(
    entityRef: string,
    range: { from: string; to: string },
  ): Promise<CommitRange> {
    return this.#get(`${servicePath(entityRef)}/commits`, { ...range });
  }

  async getReadiness(
    entityRef: string,
    environment: string,
    releaseId: string,
    options: { class?: PromotionClass } = {},
  ): Promise<Readiness> {
    return this.#get(`${environmentPath(entityRef, environment)}/readiness`, {
      release: releaseId,
      ...options,
    });
  }

  async getConfiguration(
    entityRef: string,
    environment: string,
    releaseId: string,
  ): Promise<ConfigurationComparison> {
    return this.#get(
      `${environmentPath(entityRef, environment)}/configuration`,
      { release: releaseId },
    );
  }

  async listReleases(
    entityRef: string,
    options: { environment?: string; limit?: number; cursor?: string } = {},
  ): Promise<Page<ReleaseSummary>> {
    return this.#get(`${servicePath(entityRef)}/releases`, { ...options });
  }

  async requestPromotion(
    request: PromotionRequest,
    options: StartOptions = {},
  ): Promise<StartedOperation> {
    return this.#start('/promotions', request, options);
  }

  async getPromotion(id: string): Promise<Promotion> {
    return this.#get(promotionPath(id));
  }

  async listPromotions(
    filter: PromotionFilter = {},
  ): Promise<Page<PromotionSummary>> {
    return this.#get('/promotions', { ...filter });
  }

  async approvePromotion(
    id: string,
    approval: ApprovalRequest,
    options: ReviewOptions = {},
  ): Promise<Promotion> {
    return this.#post(
      `${promotionPath(id)}/approve`,
      approval,
      reviewHeaders(options),
    );
  }

  async rejectPromotion(
    id: string,
    request: { comment: string },
    options: ReviewOptions = {},
  ): Promise<Promotion> {
    return this.#post(
      `${promotionPath(id)}/reject`,
      request,
      reviewHeaders(options),
    );
  }

  async cancelPromotion(
    id: string,
    request: { comment?: string } = {},
  ): Promise<Promotion> {
    return this.#post(`${promotionPath(id)}/cancel`, request);
  }

  async overridePromotion(
    id: string,
    request: { reason: string; conditions: string[] },
  ): Promise<Promotion> {
    return this.#post(`${promotionPath(id)}/override`, request);
  }

  async pausePromotion(
    id: string,
    request: { comment?: string } = {},
  ): Promise<Promotion> {
    return this.#post(`${promotionPath(id)}/pause`, request);
  }

  async continuePromotion(
    id: string,
    request: { comment?: string } = {},
  ): Promise<Promotion> {
    return this.#post(`${promotionPath(id)}/continue`, request);
  }

  async abortPromotion(
    id: string,
    request: { reason: string; confirm?: string },
  ): Promise<Promotion> {
    return this.#post(`${promotionPath(id)}/abort`, request);
  }

  async listFreezes(
    options: { limit?: number; cursor?: string } = {},
  ): Promise<Page<Freeze>> {
    return this.#get('/freezes', { ...options });
  }

  async setFreeze(freeze: NewFreeze): Promise<Freeze> {
    return this.#post('/freezes', freeze);
  }

  async previewFreeze(window: FreezeWindow): Promise<FreezePreview> {
    return this.#post('/freezes/preview', { window });
  }

  async endFreeze(id: string): Promise<void> {
    await this.#delete(`/freezes/${encodeURIComponent(id)}`);
  }

  async #get<T>(
    path: string,
    query: Record<string, string | number | readonly string[] | undefined> = {},
  ): Promise<T> {
    const params = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) {
      for (const one of Array.isArray(value) ? value : [value]) {
        if (one !== undefined && one !== '') params.append(key, String(one));
      }
    }
    const search = params.size > 0 ? `?${params}` : '';
    return this.#request(`${path}${search}`);
  }

  async #post<T>(
    path: string,
    body: object,
    headers: Record<string, string> = {},
  ): Promise<T> {
    return this.#request(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  async #start(
    path: string,
    body: object,
    options: StartOptions,
  ): Promise<StartedOperation> {
    const key = options.idempotencyKey;
    return this.#post(path, body, key ? { 'Idempotency-Key': key } : {});
  }

  async #delete(path: string): Promise<void> {
    await this.#request(path, { method: 'DELETE' });
  }

  async #request<T>(path: string, init?: RequestInit): Promise<T> {
    const baseUrl = await this.#discoveryApi.getBaseUrl('deploy');
    const response = await this.#fetchApi.fetch(`${baseUrl}${path}`, init);
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response.status === 204 ? (undefined as T) : response.json();
  }
}

function servicePath(entityRef: string): string {
  const { kind, namespace, name } = parseEntityRef(entityRef);
  return `/services/${[kind, namespace, name]
    .map(part => encodeURIComponent(part.toLocaleLowerCase('en-US')))
    .join('/')}`;
}

function environmentPath(entityRef: string, environment: string): string {
  const name = encodeURIComponent(environment);
  return `${servicePath(entityRef)}/environments/${name}`;
}

function promotionPath(id: string): string {
  return `/promotions/${encodeURIComponent(id)}`;
}

function reviewHeaders({ githubToken }: ReviewOptions): Record<string, string> {
  return githubToken ? { [GITHUB_TOKEN_HEADER]: githubToken } : {};
}

function revisionQuarantinePath(
  entityRef: string,
  environment: string,
  revision: string,
): string {
  return `${environmentPath(
    entityRef,
    environment,
  )}/revisions/${encodeURIComponent(revision)}/quarantine`;
}
