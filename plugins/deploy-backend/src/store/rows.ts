import {
  DeploymentStatus,
  EnvironmentTier,
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
  guessed: boolean | number;
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
