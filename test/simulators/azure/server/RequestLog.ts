/** One request to the Resource Manager. */
export interface LoggedRequest {
  method: string;
  /** Without query. */
  path: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  finishedAt?: number;
  /** Absent: no answer was given. */
  status?: number;
  /** It went past the front to a provider and was not GET. */
  change: boolean;
}

const KEPT = 10_000;

/** The latest requests, with the times between which they were worked on. */
export class RequestLog {
  #requests: LoggedRequest[] = [];

  begin(method: string, path: string): LoggedRequest {
    const entry: LoggedRequest = {
      method,
      path,
      startedAt: Date.now(),
      change: false,
    };
    this.#requests.push(entry);
    if (this.#requests.length > KEPT) {
      this.#requests = this.#requests.slice(-KEPT / 2);
    }
    return entry;
  }

  list(): LoggedRequest[] {
    return this.#requests.map(entry => ({ ...entry }));
  }

  clear(): void {
    this.#requests = [];
  }
}
