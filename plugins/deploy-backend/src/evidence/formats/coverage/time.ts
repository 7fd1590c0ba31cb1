const earliest = Date.UTC(2000);
const latest = Date.UTC(2100);

/** Above it, a number is taken for milliseconds: as seconds it would be past the year 5000. */
const secondsLimit = 1e11;

/**
 * When a report was made, by its number of seconds or milliseconds since 1970; tools write either.
 * Undefined if it is none, or no plausible time.
 */
export function timeOf(stamp: string | number | undefined): string | undefined {
  const number = Number(stamp);
  return isoTime(number < secondsLimit ? number * 1000 : number);
}

/** An ISO 8601 time; one without a zone is taken for UTC, which CI runs in. */
export function timeOfText(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > 40) {
    return undefined;
  }
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`;
  return isoTime(Date.parse(zoned));
}

function isoTime(milliseconds: number): string | undefined {
  return milliseconds >= earliest && milliseconds < latest
    ? new Date(milliseconds).toISOString()
    : undefined;
}
