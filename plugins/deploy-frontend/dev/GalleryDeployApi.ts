import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  DeployApi,
  Deployment,
  DeploymentFilter,
  Evidence,
  EvidenceDetail,
  GateSummary,
  IngestProblem,
  Page,
  ServiceFilter,
  ServiceOverview,
  ServiceSummary,
  Trends,
  Waiver,
} from '@vvp/backstage-plugin-deploy-common';
import { history, overviews, services } from './scenarios';

const pageSize = 20;

/** Answers from the scenarios: which one, the name of the service says, or `?state=` on the page of all. */
export class GalleryDeployApi implements DeployApi {
  readonly #served = new Set<string>();

  async getService(entityRef: string): Promise<ServiceOverview> {
    const name = entityRef.split('/')[1];
    await this.#failAs(name);
    if (name === 'stale') {
      if (this.#served.has(name)) {
        throw new Error('connect ECONNREFUSED 127.0.0.1:7007');
      }
      this.#served.add(name);
      return { ...overviews.normal, entityRef };
    }
    const overview = overviews[name] ?? overviews.normal;
    return { ...overview, entityRef };
  }

  async listDeployments(
    entityRef: string,
    filter: DeploymentFilter = {},
  ): Promise<Page<Deployment>> {
    const name = entityRef.split('/')[1];
    const known = overviews[name] ? entityRef : 'component:default/normal';
    const matching = history(known).filter(
      ({ environment, status }) =>
        (!filter.environment || filter.environment === environment) &&
        (!filter.status?.length || filter.status.includes(status)),
    );
    return pageOf(matching, filter.cursor);
  }

  async getDeployment(id: string): Promise<Deployment> {
    throw new NotFoundError(`No deployment ${id}`);
  }

  async listEvidence(): Promise<Page<Evidence>> {
    return { items: [] };
  }

  async getEvidence(id: string): Promise<EvidenceDetail> {
    throw new NotFoundError(`No evidence ${id}`);
  }

  async getTrends(): Promise<Trends> {
    throw new NotFoundError('No trends');
  }

  async getGates(): Promise<GateSummary> {
    throw new NotFoundError('No gates');
  }

  async waiveGate(): Promise<Waiver> {
    throw new NotAllowedError('Not allowed');
  }

  async listServices(
    filter: ServiceFilter = {},
  ): Promise<Page<ServiceSummary>> {
    const state = new URLSearchParams(window.location.search).get('state');
    await this.#failAs(state ?? '');
    if (state === 'empty') {
      return { items: [] };
    }
    const matching = services.filter(
      ({ entityRef, owner }) =>
        (!filter.text || entityRef.includes(filter.text)) &&
        (!filter.owner || filter.owner === owner),
    );
    if (filter.sort?.startsWith('-')) {
      matching.reverse();
    }
    return pageOf(matching, filter.cursor);
  }

  async listIngestProblems(): Promise<Page<IngestProblem>> {
    return { items: [] };
  }

  async #failAs(state: string): Promise<void> {
    if (state === 'loading') {
      await new Promise(() => undefined);
    }
    if (state === 'error') {
      throw new Error('The deploy backend does not answer (503)');
    }
    if (state === 'not-allowed') {
      throw new NotAllowedError('Not allowed');
    }
    if (state === 'not-found') {
      throw new NotFoundError('Unknown service');
    }
  }
}

function pageOf<T>(items: T[], cursor: string | undefined): Page<T> {
  const start = Number(cursor ?? 0);
  const end = start + pageSize;
  return {
    items: items.slice(start, end),
    nextCursor: end < items.length ? String(end) : undefined,
  };
}
