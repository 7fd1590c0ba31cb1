const HOUR_MS = 3_600_000;

/** How far a pass looks back behind the start of the last whole one: runs go on for hours. */
const OVERLAP_MS = 24 * HOUR_MS;

/** The furthest that is looked back, at first so that a page is not empty. */
const MAX_LOOKBACK_MS = 30 * 24 * HOUR_MS;

/**
 * Since when a pass asks for runs. In whole hours, so that the same question is asked for a while
 * and an ETag can answer it.
 *
 * @param lastPass - start of the last pass that came to its end, if there was one
 */
export function lookBackTo(now: Date, lastPass: Date | undefined): Date {
  const time = Math.max(
    now.getTime() - MAX_LOOKBACK_MS,
    (lastPass?.getTime() ?? 0) - OVERLAP_MS,
  );
  return new Date(Math.floor(time / HOUR_MS) * HOUR_MS);
}
