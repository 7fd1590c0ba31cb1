import {
  DeploymentStatus,
  EnvironmentTier,
  EvidenceFormat,
  EvidenceType,
  WatchState,
} from '@vvp/backstage-plugin-deploy-common';

/** Rows as they stand in the database; see the migrations for what the columns mean. */

export interface ServiceRow {
  id: string;
  entity_ref: string;
  repository: string;
  service_key: string;
  name: string;
  title?: string | null;
  owner?: string | null;
  system?: string | null;
  annotations: string;
  spec_url?: string | null;
  removed_at?: string | null;
}

export interface EnvironmentRow {
  id: string;
  service_id: string;
  name: string;
  tier: EnvironmentTier;
  url?: string | null;
  position: number;
  declared: boolean | number;
  enforced: boolean | number;
  reviewed?: boolean | number;
  definition?: string | null;
  current_deployment_id?: string | null;
  latest_deployment_id?: string | null;
  last_deployed_at?: string | null;
}

export interface ReleaseRow {
  id: string;
  service_id: string;
  commit_sha: string;
  version?: string | null;
  artifact?: string | null;
  created_at: string;
}

export interface DeploymentRow {
  id: string;
  service_id: string;
  environment_id: string;
  release_id: string;
  trace_key?: string | null;
  source: string;
  outcome: DeploymentStatus;
  status: DeploymentStatus;
  ref?: string | null;
  actor?: string | null;
  title?: string | null;
  url?: string | null;
  job_name?: string | null;
  run_id?: string | null;
  attempt?: number | null;
  asked_first: boolean | number;
  reviewed_first?: boolean | number;
  guessed: boolean | number;
  /** RolledBack, JSON. */
  rolled_back?: string | null;
  created_at: string;
  started_at?: string | null;
  finished_at?: string | null;
}

export interface TraceRow {
  key: string;
  repository: string;
  state: string;
  run_id?: string | null;
  parent_key?: string | null;
  triggered: boolean | number;
  started_at?: string | null;
  completed_at?: string | null;
  updated_at: string;
}

export type EventState = 'pending' | 'done' | 'unmatched' | 'rejected';

export interface EventRow {
  id: number | string;
  digest: string;
  topic: string;
  repository?: string | null;
  payload: string;
  received_at: string;
  state: EventState;
  due_at: string;
  attempts: number;
}

export interface ProblemRow {
  id: string;
  kind: string;
  repository: string;
  subject: string;
  message: string;
  count: number;
  first_seen_at: string;
  last_seen_at: string;
}

export interface SpecRow {
  url: string;
  repository: string;
  commit_sha?: string | null;
  content?: string | null;
  etag?: string | null;
  problem?: string | null;
  problem_line?: number | null;
  problem_since?: string | null;
  checked_at?: string | null;
}

export interface EvidenceRow {
  id: string;
  service_id: string;
  commit_sha: string;
  type: EvidenceType;
  format: EvidenceFormat;
  environment?: string | null;
  suite: string;
  mode: string;
  ref?: string | null;
  pull_request?: number | null;
  tool?: string | null;
  measured_at: string;
  received_at: string;
  identity: string;
  summary: string;
  provenance: string;
  pruned?: boolean | number;
}

export interface EvidenceFileRow {
  evidence_id: string;
  path: string;
  package?: string | null;
  lines_covered: number;
  lines_total: number;
  branches_covered?: number | null;
  branches_total?: number | null;
  functions_covered?: number | null;
  functions_total?: number | null;
  covered?: string | null;
  missed?: string | null;
}

export interface EvidenceSuiteRow {
  evidence_id: string;
  name: string;
  passed: number;
  failed: number;
  skipped: number;
  flaky: number;
  duration?: number | null;
}

export interface EvidenceTestRow {
  evidence_id: string;
  digest: string;
  outcome: string;
  flaky: boolean | number;
  detail: string;
}

export interface EvidenceFindingRow {
  evidence_id: string;
  rank: number;
  detail: string;
}

export interface WaiverRow {
  id: string;
  service_id: string;
  environment: string;
  gate: string;
  commit_sha: string;
  state: 'fail' | 'pending';
  granted_by: string;
  reason: string;
  granted_at: string;
  expires_at: string;
}

export interface ChangeRow {
  repository: string;
  base: string;
  head: string;
  state: 'wanted' | 'known' | 'partial' | 'unrelated' | 'failed';
  files?: string | null;
  attempts: number;
  due_at: string;
}

export interface ParentRow {
  repository: string;
  commit_sha: string;
  parent_sha?: string | null;
}

export interface GithubFeedbackRow {
  repository: string;
  subject: string;
  github_id?: string | null;
  digest?: string | null;
  state: 'wanted' | 'writing' | 'written' | 'failed';
  attempts: number;
  due_at: string;
}

export interface LockRow {
  id: string;
  environment_id: string;
  owner: string;
  reason: string;
  since: string;
  expires_at?: string | null;
  released_at?: string | null;
  released_by?: string | null;
}

export interface HoldRow {
  id: string;
  environment_id: string;
  set_by: string;
  reason: string;
  since: string;
  operation_id?: string | null;
  ended_at?: string | null;
  ended_by?: string | null;
}

export interface QuarantineRow {
  id: string;
  release_id: string;
  set_by: string;
  reason: string;
  since: string;
  operation_id?: string | null;
  lifted_at?: string | null;
  lifted_by?: string | null;
}

export interface QuarantinedRevisionRow {
  id: string;
  environment_id: string;
  revision: string;
  artifact?: string | null;
  set_by: string;
  reason: string;
  since: string;
  operation_id?: string | null;
  lifted_at?: string | null;
  lifted_by?: string | null;
}

export interface DeploymentWatchRow {
  deployment_id: string;
  environment_id: string;
  state: WatchState;
  observations: string;
  note?: string | null;
  operation_id?: string | null;
  started_at: string;
  due_at: string;
}
