/** Times and numbers of the engine; times in milliseconds. */
export interface EngineLimits {
  /** Operations that run at once in this process. */
  concurrency: number;
  /** How often the database is asked for work. */
  pollMs: number;
  /** How long a process keeps an operation without a sign of life. */
  leaseMs: number;
  heartbeatMs: number;
  /** How long a step may take to stop when it is told to. */
  graceMs: number;
  /** Wait after the first transient failure; doubles each time. */
  firstRetryMs: number;
  maxRetryMs: number;
  /** Wait when the resource is in use by somebody else. */
  busyMs: number;
  /** Wait before credentials are tried again. */
  parkMs: number;
  /** How long an operation may wait for credentials before it is undone. */
  parkLimitMs: number;
  /** How often a log is written while a step runs. */
  logMs: number;
}

export const defaultLimits: EngineLimits = {
  concurrency: 8,
  pollMs: 5_000,
  leaseMs: 30_000,
  heartbeatMs: 10_000,
  graceMs: 5_000,
  firstRetryMs: 1_000,
  maxRetryMs: 30_000,
  busyMs: 5_000,
  parkMs: 60_000,
  parkLimitMs: 24 * 60 * 60_000,
  logMs: 200,
};
