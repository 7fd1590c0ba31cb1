import {
  Deployment,
  DeploymentStatus,
  EnvironmentTier,
  Evidence,
  EvidenceDetail,
  EvidenceType,
  GateSummary,
  IngestProblem,
  Page,
  ServiceOverview,
  ServiceSummary,
  Trends,
  Waiver,
} from '../model';

/**
 * Filters of {@link DeployApi.listDeployments}.
 *
 * @public
 */
export interface DeploymentFilter {
  environment?: string;
  /** Any of these. */
  status?: DeploymentStatus[];
  /** Full SHA or a prefix of at least 7 digits. */
  commit?: string;
  /** Created at or after, ISO 8601. */
  from?: string;
  /** Created before, ISO 8601. */
  to?: string;
  /** 1 to 100, default 20. */
  limit?: number;
  cursor?: string;
}

/**
 * Filters of {@link DeployApi.listServices}.
 *
 * @public
 */
export interface ServiceFilter {
  /** Entity ref of the owner. */
  owner?: string;
  /** Entity ref of the system. */
  system?: string;
  /** Only environments of this tier. */
  tier?: EnvironmentTier;
  /** Part of the service's name or title. */
  text?: string;
  /** Default `name`. `-lastDeployed`: newest deployment first, never deployed last. */
  sort?: 'name' | '-name' | 'lastDeployed' | '-lastDeployed';
  /** 1 to 100, default 20. */
  limit?: number;
  cursor?: string;
}

/**
 * Filters of {@link DeployApi.listEvidence}.
 *
 * @public
 */
export interface EvidenceFilter {
  type?: EvidenceType;
  environment?: string;
  suite?: string;
  /** Full SHA or a prefix of at least 7 digits. */
  commit?: string;
  /** Default: both. */
  pullRequests?: 'only' | 'none';
  /** Measured at or after, ISO 8601. */
  from?: string;
  /** Measured before, ISO 8601. */
  to?: string;
  /** 1 to 100, default 20. */
  limit?: number;
  cursor?: string;
}

/**
 * Filters of {@link DeployApi.getTrends}.
 *
 * @public
 */
export interface TrendFilter {
  type: EvidenceType;
  environment?: string;
  suite?: string;
  /** Default: 30 days before `to`. */
  from?: string;
  /** Default: now. */
  to?: string;
}

/**
 * What the deploy backend answers, for frontends and other backends alike.
 *
 * @public
 */
export interface DeployApi {
  /** Throws NotFoundError for a service that is unknown or not visible. */
  getService(entityRef: string): Promise<ServiceOverview>;
  /** Newest first. */
  listDeployments(
    entityRef: string,
    filter?: DeploymentFilter,
  ): Promise<Page<Deployment>>;
  getDeployment(id: string): Promise<Deployment>;
  /** Last measured first. */
  listEvidence(
    entityRef: string,
    filter?: EvidenceFilter,
  ): Promise<Page<Evidence>>;
  getEvidence(id: string): Promise<EvidenceDetail>;
  /** Reports about pull requests are left out. */
  getTrends(entityRef: string, filter: TrendFilter): Promise<Trends>;
  /** The gates between a commit and an environment. */
  getGates(
    entityRef: string,
    environment: string,
    commit: string,
  ): Promise<GateSummary>;
  /** Lets a release pass a gate until a time. Needs a reason. */
  waiveGate(
    gateId: string,
    waiver: { reason: string; expiresAt: string },
  ): Promise<Waiver>;
  listServices(filter?: ServiceFilter): Promise<Page<ServiceSummary>>;
  listIngestProblems(options?: {
    limit?: number;
    cursor?: string;
  }): Promise<Page<IngestProblem>>;
}
