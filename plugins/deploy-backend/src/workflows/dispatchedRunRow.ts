/** Row of `dispatched_runs`. */
export interface DispatchedRunRow {
  repository: string;
  run_id: string;
  environment_id: string;
  commit_sha: string;
  operation_id: string;
  conclusion?: string | null;
  finished_at?: string | null;
}
