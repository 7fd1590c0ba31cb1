/** Clocks differ a little. */
const SKEW_MS = 5 * 60_000;

const YEAR_MS = 365 * 24 * 60 * 60_000;

/** What says that it is older was written by a clock that was never set, or by no clock at all. */
const FIRST_BELIEVED = Date.UTC(2000, 0);

/**
 * When a report was measured. What it says itself counts, within bounds: one from the future would stay
 * the newest for ever, and a very old one is no older than a year, so that it is not taken for new either.
 *
 * @param said - what the report says, if anything
 */
export function measuringTime(
  said: string | undefined,
  receivedAt: Date,
): string {
  const received = receivedAt.getTime();
  const measured = said === undefined ? NaN : Date.parse(said);
  const believable =
    measured >= FIRST_BELIEVED && measured <= received + SKEW_MS;
  return new Date(
    believable ? Math.max(measured, received - YEAR_MS) : received,
  ).toISOString();
}
