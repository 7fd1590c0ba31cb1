import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  DeployApi,
  Deployment,
  DeploymentFilter,
  Evidence,
  EvidenceDetail,
  EvidenceFilter,
  GateSummary,
  IngestProblem,
  Page,
  ServiceFilter,
  ServiceOverview,
  ServiceSummary,
  TrendFilter,
  Trends,
  Waiver,
} from '@vvp/backstage-plugin-deploy-common';
import { sampleGates } from '../src/__testUtils__/evidenceSamples';
import { sampleDeployment } from '../src/__testUtils__/samples';
import {
  EvidenceScenario,
  evidenceScenarios,
  trendsOf,
} from './evidenceScenarios';
import { GalleryPromotions } from './GalleryPromotions';
import { gatesOf } from './gateScenarios';
import { promotionOverviews } from './promotionScenarios';
import { rollbackOverviews } from './rollbackScenarios';
import { history, overviews, services } from './scenarios';

const pageSize = 20;

/** Answers from the scenarios: which one, the name of the service says, or `?state=` on the page of all. */
export class GalleryDeployApi extends GalleryPromotions implements DeployApi {
  readonly #served = new Set<string>();
  #staleAnswers = 0;
  readonly #waivers = new Map<string, Waiver>();

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
    const overview =
      promotionOverviews[name] ??
      rollbackOverviews[name] ??
      overviews[name] ??
      overviews.normal;
    return {
      ...overview,
      entityRef,
      environments: overview.environments.map(environment => ({
        ...this.changed(entityRef, environment),
        gates: this.#gates(entityRef, environment.name),
      })),
    };
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
    return sampleDeployment({ id });
  }

  async listEvidence(
    entityRef: string,
    filter: EvidenceFilter = {},
  ): Promise<Page<Evidence>> {
    const name = entityRef.split('/')[1];
    await this.#failAs(name);
    if (name === 'stale') {
      this.#staleAnswers += 1;
      // Enough for the tab and its sections, once.
      if (this.#staleAnswers > 5) {
        throw new Error('connect ECONNREFUSED 127.0.0.1:7007');
      }
    }
    const { type, suite } = filter;
    return {
      items: scenarioOf(name)
        .reports.filter(
          report =>
            (!type || report.type === type) &&
            (!suite || report.suite === suite),
        )
        .sort((left, right) => right.measuredAt.localeCompare(left.measuredAt)),
    };
  }

  async getEvidence(id: string): Promise<EvidenceDetail> {
    const report = scenarioOf(id.split(':')[0]).reports.find(
      each => each.id === id,
    );
    if (!report) {
      throw new NotFoundError(`No evidence ${id}`);
    }
    return report;
  }

  async getTrends(entityRef: string, filter: TrendFilter): Promise<Trends> {
    const name = entityRef.split('/')[1];
    return trendsOf(scenarioOf(name), filter.type, filter);
  }

  async getGates(entityRef: string, environment: string): Promise<GateSummary> {
    const gates = this.#gates(entityRef, environment);
    if (!gates) {
      throw new NotFoundError('No gates');
    }
    return gates;
  }

  async waiveGate(
    gateId: string,
    waiver: { reason: string; expiresAt: string },
  ): Promise<Waiver> {
    if (waiver.reason.includes('refuse')) {
      throw new NotAllowedError('You may not waive the gates of this service.');
    }
    const granted = {
      id: `waiver of ${gateId}`,
      grantedBy: 'user:default/guest',
      grantedAt: new Date().toISOString(),
      ...waiver,
    };
    this.#waivers.set(gateId, granted);
    return granted;
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

  #gates(entityRef: string, environment: string): GateSummary | undefined {
    const gates = gatesOf(entityRef.split('/')[1], environment);
    return (
      gates &&
      sampleGates(
        gates.results.map(result => {
          const waiver = this.#waivers.get(result.id);
          return waiver ? { ...result, state: 'waived', waiver } : result;
        }),
        gates.release,
      )
    );
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

function scenarioOf(name: string): EvidenceScenario {
  const key = evidenceScenarios[name] ? name : 'normal';
  const scenario = evidenceScenarios[key]();
  return {
    ...scenario,
    reports: scenario.reports.map(report => ({
      ...report,
      id: `${key}:${report.id}`,
    })),
  };
}

function pageOf<T>(items: T[], cursor: string | undefined): Page<T> {
  const start = Number(cursor ?? 0);
  const end = start + pageSize;
  return {
    items: items.slice(start, end),
    nextCursor: end < items.length ? String(end) : undefined,
  };
}
