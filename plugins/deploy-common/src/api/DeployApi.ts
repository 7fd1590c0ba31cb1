import {
  Deployment,
  DeploymentStatus,
  EnvironmentTier,
  IngestProblem,
  Page,
  ServiceOverview,
  ServiceSummary,
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
  listServices(filter?: ServiceFilter): Promise<Page<ServiceSummary>>;
  listIngestProblems(options?: {
    limit?: number;
    cursor?: string;
  }): Promise<Page<IngestProblem>>;
}
