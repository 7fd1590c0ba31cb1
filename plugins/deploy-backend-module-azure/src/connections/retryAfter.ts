/** No platform is waited for longer than an hour, whatever it says. */
const LONGEST_MS = 3_600_000;

/**
 * When the platform wants to be asked again, in milliseconds: `retry-after-ms`, `x-ms-retry-after-ms` or
 * `Retry-After` in seconds or as a date. What cannot be read counts as not said.
 *
 * @param header - value of a header
 */
export function retryAfterMs(
  header: (name: string) => string | undefined,
  now: number = Date.now(),
): number | undefined {
  const milliseconds =
    header('retry-after-ms') ?? header('x-ms-retry-after-ms');
  if (milliseconds !== undefined && /^\d+$/.test(milliseconds)) {
    return Math.min(Number(milliseconds), LONGEST_MS);
  }
  const value = header('retry-after');
  if (value === undefined) {
    return undefined;
  }
  if (/^\d+$/.test(value)) {
    return Math.min(Number(value) * 1000, LONGEST_MS);
  }
  const date = Date.parse(value);
  return Number.isNaN(date)
    ? undefined
    : Math.min(Math.max(date - now, 0), LONGEST_MS);
}
