import { parseEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import {
  Deployment,
  Evidence,
  EvidenceDetail,
  GateSummary,
  IngestProblem,
  Page,
  ServiceOverview,
  ServiceSummary,
  Trends,
  Waiver,
} from '../model';
import {
  DeployApi,
  DeploymentFilter,
  EvidenceFilter,
  ServiceFilter,
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
    const path = `/environments/${encodeURIComponent(environment)}/gates`;
    return this.#get(`${servicePath(entityRef)}${path}`, { commit });
  }

  async waiveGate(
    gateId: string,
    waiver: { reason: string; expiresAt: string },
  ): Promise<Waiver> {
    return this.#request(`/gates/${encodeURIComponent(gateId)}/waiver`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(waiver),
    });
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

  async #request<T>(path: string, init?: RequestInit): Promise<T> {
    const baseUrl = await this.#discoveryApi.getBaseUrl('deploy');
    const response = await this.#fetchApi.fetch(`${baseUrl}${path}`, init);
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response.json();
  }
}

function servicePath(entityRef: string): string {
  const { kind, namespace, name } = parseEntityRef(entityRef);
  return `/services/${[kind, namespace, name]
    .map(part => encodeURIComponent(part.toLocaleLowerCase('en-US')))
    .join('/')}`;
}
