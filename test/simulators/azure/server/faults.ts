/** What goes wrong on purpose. */
export interface Faults {
  /** So many requests to the Resource Manager are answered with 429. */
  throttle: number;
  /** What `Retry-After` then says, seconds. */
  throttleRetryAfterSeconds: number;
  /** Whatever is not GET is answered with 403. */
  denyChanges: boolean;
  /** Operations that go on cannot be asked about: 403. */
  denyOperations: boolean;
  /** No token is taken, nor given. */
  rejectCredentials: boolean;
  /** So many changes are done, and the connection cut before the answer. */
  cutChanges: number;
  /** So many changes are not done, because the connection is cut before. */
  cutBeforeChanges: number;
  /** Each answer of the Resource Manager takes so long. */
  latencyMs: number;
}

export const noFaults: Readonly<Faults> = {
  throttle: 0,
  throttleRetryAfterSeconds: 1,
  denyChanges: false,
  denyOperations: false,
  rejectCredentials: false,
  cutChanges: 0,
  cutBeforeChanges: 0,
  latencyMs: 0,
};
