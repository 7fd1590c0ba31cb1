/** Beyond this the exponent makes no difference, whatever the limits are. */
const MAX_DOUBLINGS = 20;

/**
 * How long to wait before the next attempt, in milliseconds: doubles with each attempt up to a limit, less
 * up to a quarter by chance so that those who failed together do not come back together. Never less than
 * the platform asked for.
 *
 * @param attempt - the one that failed, from 1
 * @param chance - 0 to 1
 */
export function backOff(
  attempt: number,
  chance: number,
  options: { firstMs: number; maxMs: number; retryAfterMs?: number },
): number {
  const doublings = Math.min(Math.max(attempt, 1) - 1, MAX_DOUBLINGS);
  const full = Math.min(options.maxMs, options.firstMs * 2 ** doublings);
  return Math.max(
    Math.round(full * (1 - chance / 4)),
    options.retryAfterMs ?? 0,
  );
}
