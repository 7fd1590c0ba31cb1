/** What goes wrong, until it is cleared. */
export class Faults {
  /** The next so many requests are answered with ThrottlingException. */
  throttle = 0;
  /** Milliseconds before each answer. */
  latency = 0;
  /** The next change is done, and its connection cut. */
  cutNextChange = false;
  /** Access keys that may only read. */
  readonly readOnly = new Set<string>();
  /** Access keys that are no longer known. */
  readonly rejected = new Set<string>();
  /** Operations that nobody may do, such as `ListTasks`. */
  readonly denied = new Set<string>();
  /** The next so many requests are answered with ServerException. */
  broken = 0;
  /** The connections of the next so many requests to ECR are cut. */
  cutImages = 0;

  clear(): void {
    this.throttle = 0;
    this.latency = 0;
    this.cutNextChange = false;
    this.broken = 0;
    this.cutImages = 0;
    this.readOnly.clear();
    this.rejected.clear();
    this.denied.clear();
  }
}
