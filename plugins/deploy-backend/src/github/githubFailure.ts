/** Why GitHub did not do what it was asked. */
export type GithubFailure =
  /** The limit of requests is reached, until then. */
  | { kind: 'limited'; until: Date }
  /** These credentials may not do it. */
  | { kind: 'refused' }
  | { kind: 'missing' }
  /** What was asked cannot be done as it stands. */
  | { kind: 'invalid' }
  /** GitHub, the way there or the credentials are out of order. */
  | { kind: 'unavailable' };

/** What GitHub asks to wait when it does not say how long. */
const DEFAULT_WAIT_MS = 60_000;

/** No limit of GitHub's lasts longer. */
const LONGEST_WAIT_MS = 3_600_000;

/**
 * Tells by an error of Octokit what is wrong. GitHub uses 403 for its limits, too.
 *
 * Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function githubFailure(error: unknown, now: Date): GithubFailure {
  // Several copies of Octokit's error class may be installed.
  const { status, message, response } = (error ?? {}) as {
    status?: unknown;
    message?: unknown;
    response?: { headers?: Record<string, unknown> };
  };
  const headers = response?.headers ?? {};
  if (
    status === 429 ||
    (status === 403 &&
      (headers['retry-after'] !== undefined ||
        headers['x-ratelimit-remaining'] === '0' ||
        /\brate limit\b/i.test(String(message))))
  ) {
    return { kind: 'limited', until: endOfLimit(headers, now) };
  }
  switch (status) {
    case 403:
      return { kind: 'refused' };
    case 404:
    case 410:
      return { kind: 'missing' };
    case 406:
    case 422:
      return { kind: 'invalid' };
    default:
      return { kind: 'unavailable' };
  }
}

function endOfLimit(headers: Record<string, unknown>, now: Date): Date {
  const retryAfter = Number(headers['retry-after'] ?? NaN) * 1_000;
  const reset =
    headers['x-ratelimit-remaining'] === '0'
      ? Number(headers['x-ratelimit-reset'] ?? NaN) * 1_000 - now.getTime()
      : NaN;
  const wait = [retryAfter, reset].find(Number.isFinite) ?? DEFAULT_WAIT_MS;
  return new Date(
    now.getTime() + Math.min(LONGEST_WAIT_MS, Math.max(1_000, wait)),
  );
}

/**
 * When what failed is tried again: after 30 seconds, then twice as long each time, an hour at the most.
 *
 * @param attempts - how often it was tried, this time included
 */
export function backOff(attempts: number, now: Date): Date {
  const wait = 30_000 * 2 ** Math.min(7, Math.max(0, attempts - 1));
  return new Date(now.getTime() + Math.min(3_600_000, wait));
}
