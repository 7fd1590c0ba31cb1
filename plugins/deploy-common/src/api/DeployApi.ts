import { Hold, Lock, Quarantine, RevisionQuarantine } from '../admission';
import {
  ApprovalRequest,
  CommitRange,
  ConfigurationComparison,
  Deployment,
  DeploymentStatus,
  EnvironmentTier,
  Evidence,
  EvidenceDetail,
  EvidenceType,
  Freeze,
  FreezePreview,
  FreezeWindow,
  GateSummary,
  IngestProblem,
  NewFreeze,
  Operation,
  OperationStatus,
  OperationSummary,
  Page,
  Promotion,
  PromotionClass,
  PromotionRequest,
  PromotionStatus,
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
 * Filters of {@link DeployApi.listOperations}.
 *
 * @public
 */
export interface OperationFilter {
  environment?: string;
  /** Any of these. */
  status?: OperationStatus[];
  /** 1 to 100, default 20. */
  limit?: number;
  cursor?: string;
}

/**
 * What a decision on a promotion takes along that waits for a reviewer at GitHub.
 *
 * @public
 */
export interface ReviewOptions {
  /** The caller's own token of GitHub, with the scope `repo`; it is kept nowhere. */
  githubToken?: string;
}

/**
 * Filters of {@link DeployApi.listPromotions}.
 *
 * @public
 */
export interface PromotionFilter {
  /** Entity ref of the service. */
  entityRef?: string;
  environment?: string;
  /** Any of these. */
  status?: PromotionStatus[];
  /** Those that wait for a run of a pipeline. */
  runId?: string;
  /** `me`: undecided ones that the caller's voice is missing for. */
  waitingFor?: 'me';
  /** 1 to 100, default 20. */
  limit?: number;
  cursor?: string;
}

/**
 * With what a start of work is asked for.
 *
 * @public
 */
export interface StartOptions {
  /**
   * The same key by the same caller starts the work once and gets the same id again. Default: a new one
   * for each call.
   */
  idempotencyKey?: string;
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
  /**
   * Runs the failed jobs of the run again that a failed deployment came from. Throws ConflictError, with what
   * to do instead, where that cannot be done.
   */
  rerunFailedJobs(
    deploymentId: string,
    request: { reason: string; confirm?: string },
    options?: StartOptions,
  ): Promise<StartedOperation>;
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
  /** What can be put back, newest first. Asks the platform. */
  listRevisions(entityRef: string, environment: string): Promise<RevisionList>;
  /** State, reasons and logs as the platform tells them. */
  getDiagnostics(
    entityRef: string,
    environment: string,
  ): Promise<TargetDiagnostics>;
  /** What a rollback would do. Changes nothing. */
  previewRollback(
    rollback: Pick<RollbackRequest, 'entityRef' | 'environment' | 'revision'>,
  ): Promise<RollbackPreview>;
  rollBack(
    rollback: RollbackRequest,
    options?: StartOptions,
  ): Promise<StartedOperation>;
  /** Puts a chosen release in again; without one, runs the pipeline for this service (`force-deploy`). */
  redeploy(
    entityRef: string,
    environment: string,
    request: {
      commit?: string;
      reason: string;
      confirm?: string;
      /** See {@link RollbackRequest.override}. */
      override?: string;
    },
    options?: StartOptions,
  ): Promise<StartedOperation>;
  restart(
    entityRef: string,
    environment: string,
    request: { reason: string; confirm?: string },
    options?: StartOptions,
  ): Promise<StartedOperation>;
  rerunTests(
    entityRef: string,
    environment: string,
    options?: StartOptions,
  ): Promise<StartedOperation>;
  getOperation(id: string): Promise<Operation>;
  /** Newest first. */
  listOperations(
    entityRef: string,
    filter?: OperationFilter,
  ): Promise<Page<OperationSummary>>;
  /** Asks an operation to stop before its next step and to undo what it did. */
  cancelOperation(id: string): Promise<Operation>;
  setHold(
    entityRef: string,
    environment: string,
    request: { reason: string },
  ): Promise<Hold>;
  liftHold(entityRef: string, environment: string): Promise<void>;
  lockEnvironment(
    entityRef: string,
    environment: string,
    request: { reason: string; expiresAt?: string },
  ): Promise<Lock>;
  unlockEnvironment(entityRef: string, environment: string): Promise<void>;
  /** Those in force, newest first. */
  listLocks(options?: { limit?: number; cursor?: string }): Promise<Page<Lock>>;
  quarantineRelease(
    releaseId: string,
    request: { reason: string },
  ): Promise<Quarantine>;
  liftQuarantine(releaseId: string): Promise<void>;
  /** Where the commit of a revision is not known. Only in this environment. Asks the platform. */
  quarantineRevision(
    entityRef: string,
    environment: string,
    revision: string,
    request: { reason: string },
  ): Promise<RevisionQuarantine>;
  /** @param revision - that of {@link QuarantineInfo.revision} */
  liftRevisionQuarantine(
    entityRef: string,
    environment: string,
    revision: string,
  ): Promise<void>;
  /** What lies between two releases of a service; full SHAs. */
  listCommits(
    entityRef: string,
    range: { from: string; to: string },
  ): Promise<CommitRange>;
  /** Every condition between a release and an environment. Changes nothing. */
  getReadiness(
    entityRef: string,
    environment: string,
    releaseId: string,
    options?: { class?: PromotionClass },
  ): Promise<Readiness>;
  /** What a release changes in the configuration of an environment, by name. Changes nothing. */
  getConfiguration(
    entityRef: string,
    environment: string,
    releaseId: string,
  ): Promise<ConfigurationComparison>;
  /** Releases that could go into an environment, newest first. */
  listReleases(
    entityRef: string,
    options?: { environment?: string; limit?: number; cursor?: string },
  ): Promise<Page<ReleaseSummary>>;
  requestPromotion(
    request: PromotionRequest,
    options?: StartOptions,
  ): Promise<StartedOperation>;
  getPromotion(id: string): Promise<Promotion>;
  /** Newest first. */
  listPromotions(filter?: PromotionFilter): Promise<Page<PromotionSummary>>;
  /**
   * Throws an InputError that names {@link GITHUB_TOKEN_HEADER} where the approval lets the run in at GitHub
   * and no token came with it.
   */
  approvePromotion(
    id: string,
    approval: ApprovalRequest,
    options?: ReviewOptions,
  ): Promise<Promotion>;
  rejectPromotion(
    id: string,
    request: { comment: string },
    options?: ReviewOptions,
  ): Promise<Promotion>;
  cancelPromotion(
    id: string,
    request?: { comment?: string },
  ): Promise<Promotion>;
  /** Lets conditions that may be overridden pass. */
  overridePromotion(
    id: string,
    request: { reason: string; conditions: string[] },
  ): Promise<Promotion>;
  /** Stops the clock of its canary; its errors still count. Throws ConflictError where none is under way. */
  pausePromotion(
    id: string,
    request?: { comment?: string },
  ): Promise<Promotion>;
  /**
   * Gives its canary all of the traffic, without waiting for the rest of the watch. Throws ConflictError
   * where none is under way.
   */
  continuePromotion(
    id: string,
    request?: { comment?: string },
  ): Promise<Promotion>;
  /**
   * Ends its canary by a rollback to what ran before. In production `confirm` has to be the name of the
   * service. Throws ConflictError where none is under way.
   */
  abortPromotion(
    id: string,
    request: { reason: string; confirm?: string },
  ): Promise<Promotion>;
  /** Those in force or to come, newest first; ended ones are left out. */
  listFreezes(options?: {
    limit?: number;
    cursor?: string;
  }): Promise<Page<Freeze>>;
  setFreeze(freeze: NewFreeze): Promise<Freeze>;
  /** The first windows that a freeze would have. Throws InputError for one that would be refused. Changes nothing. */
  previewFreeze(window: FreezeWindow): Promise<FreezePreview>;
  endFreeze(id: string): Promise<void>;
}
