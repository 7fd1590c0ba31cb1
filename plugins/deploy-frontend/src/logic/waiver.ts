const hour = 3_600_000;

/**
 * Shortest reason that is taken, characters: who reads it later wants to know why.
 *
 * @internal
 */
export const reasonAtLeast = 10;

/**
 * How long a waiver can last; `custom` asks for a time.
 *
 * @internal
 */
export const waiverPeriods: { value: string; text: string; hours?: number }[] =
  [
    { value: '1h', text: '1 hour', hours: 1 },
    { value: '8h', text: '8 hours', hours: 8 },
    { value: '1d', text: '1 day', hours: 24 },
    { value: '7d', text: '7 days', hours: 168 },
    { value: 'custom', text: 'Until a time…' },
  ];

/**
 * What stands in the form of a waiver.
 *
 * @internal
 */
export interface WaiverForm {
  reason: string;
  /** A value of {@link waiverPeriods}; empty before one is chosen. */
  period: string;
  /** As a `datetime-local` field has it, in the user's time zone. */
  until: string;
}

/**
 * What the form asks of the backend, or what is still wrong with it, by field.
 *
 * @internal
 */
export function readWaiver(
  form: WaiverForm,
  now: number,
):
  | { ok: true; reason: string; expiresAt: string }
  | { ok: false; reason?: string; period?: string; until?: string } {
  const reason = form.reason.trim();
  const problems: { reason?: string; period?: string; until?: string } = {};
  if (reason.length < reasonAtLeast) {
    problems.reason = `Say why, in at least ${reasonAtLeast} characters.`;
  }
  const period = waiverPeriods.find(({ value }) => value === form.period);
  if (!period) {
    problems.period = 'Choose how long it lasts.';
  }
  const expires = period?.hours
    ? now + period.hours * hour
    : Date.parse(form.until);
  if (period && Number.isNaN(expires)) {
    problems.until = 'Name a date and a time.';
  } else if (period && expires <= now) {
    problems.until = 'Name a time that is still to come.';
  }
  return Object.keys(problems).length > 0
    ? { ok: false, ...problems }
    : { ok: true, reason, expiresAt: new Date(expires).toISOString() };
}
