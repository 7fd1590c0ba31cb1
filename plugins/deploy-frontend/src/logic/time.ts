import { DateTime, Duration } from 'luxon';

const second = 1000;
const minute = 60 * second;
const unitStyle = { unitDisplay: 'narrow', listStyle: 'narrow' } as const;

/**
 * "3 hours ago" in the user's language; "just now" for the last half minute and for clocks that run ahead.
 *
 * @internal
 */
export function relativeTime(
  iso: string,
  now: number,
  locale?: string,
): string {
  const at = DateTime.fromISO(iso);
  if (!at.isValid) {
    return 'unknown time';
  }
  if (now - at.toMillis() < minute / 2) {
    return 'just now';
  }
  return (
    at.toRelative({
      base: DateTime.fromMillis(now),
      locale,
      style: 'long',
    }) ?? iso
  );
}

/**
 * Date, time and zone in the user's language.
 *
 * @internal
 */
export function absoluteTime(iso: string, locale?: string): string {
  const at = DateTime.fromISO(iso);
  if (!at.isValid) {
    return iso;
  }
  return at.setLocale(locale ?? at.locale ?? 'en').toLocaleString({
    dateStyle: 'medium',
    timeStyle: 'long',
  });
}

/**
 * Day of the week, date, time to the minute and zone in the user's language: what recurs is read by its day.
 *
 * @internal
 */
export function weekdayTime(iso: string, locale?: string): string {
  const at = DateTime.fromISO(iso);
  if (!at.isValid) {
    return iso;
  }
  return at.setLocale(locale ?? at.locale ?? 'en').toLocaleString({
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
}

/**
 * "4m 12s": two units at most, in the user's language.
 *
 * @internal
 */
export function durationText(seconds: number, locale?: string): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = Duration.fromObject(
    { seconds: whole },
    locale ? { locale } : undefined,
  )
    .shiftTo('days', 'hours', 'minutes', 'seconds')
    .toObject();
  const units = ['days', 'hours', 'minutes', 'seconds'] as const;
  const first = units.findIndex(unit => (parts[unit] ?? 0) > 0);
  if (first === -1) {
    return Duration.fromObject(
      { seconds: 0 },
      locale ? { locale } : undefined,
    ).toHuman(unitStyle);
  }
  const kept = units
    .slice(first, first + 2)
    .filter(unit => (parts[unit] ?? 0) > 0);
  return Duration.fromObject(
    Object.fromEntries(kept.map(unit => [unit, parts[unit]])),
    locale ? { locale } : undefined,
  ).toHuman(unitStyle);
}

/**
 * Seconds since a moment, never negative.
 *
 * @internal
 */
export function secondsSince(iso: string, now: number): number {
  return Math.max(
    0,
    Math.round((now - DateTime.fromISO(iso).toMillis()) / second),
  );
}
