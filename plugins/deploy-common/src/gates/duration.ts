const seconds = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
} as const;

type DurationUnit = keyof typeof seconds;

/** What {@link parseDuration} reads, for the schema. */
export const durationPattern =
  '^([0-9]{1,7} (second|minute|hour|day|week)s?|P(?=[0-9T])([0-9]{1,3}W)?([0-9]{1,4}D)?(T(?=[0-9])([0-9]{1,5}H)?([0-9]{1,6}M)?([0-9]{1,8}S)?)?)$';

/**
 * Seconds of a duration as it is written: `30 minutes`, `1 day`, or ISO 8601 such as `PT30M` and `P1D`.
 * Months and years are not known: they differ in length.
 *
 * @returns Nothing for any other text.
 * @public
 */
export function parseDuration(text: string): number | undefined {
  if (!new RegExp(durationPattern).test(text)) {
    return undefined;
  }
  const words = /^(\d+) (second|minute|hour|day|week)s?$/.exec(text);
  if (words) {
    return Number(words[1]) * seconds[words[2] as DurationUnit];
  }
  const [date, time = ''] = text.slice(1).split('T');
  return (
    amount(date, 'W') * seconds.week +
    amount(date, 'D') * seconds.day +
    amount(time, 'H') * seconds.hour +
    amount(time, 'M') * seconds.minute +
    amount(time, 'S')
  );
}

function amount(text: string, letter: string): number {
  return Number(new RegExp(`(\\d+)${letter}`).exec(text)?.[1] ?? 0);
}

/**
 * A duration in its two largest units, rounded down: `1 hour`, `2 days 3 hours`.
 *
 * @public
 */
export function formatDuration(duration: number): string {
  let rest = Math.max(0, Math.floor(duration));
  const parts: string[] = [];
  for (const unit of ['day', 'hour', 'minute', 'second'] as const) {
    const count = Math.floor(rest / seconds[unit]);
    rest -= count * seconds[unit];
    if (count > 0) {
      parts.push(`${count} ${unit}${count === 1 ? '' : 's'}`);
    } else if (parts.length > 0) {
      break;
    }
    if (parts.length === 2) {
      break;
    }
  }
  return parts.join(' ') || '0 seconds';
}

/** A point in time for a sentence: `2026-11-21 07:30 UTC`. */
export function formatTime(time: number): string {
  return Number.isFinite(time) && Math.abs(time) < 8.64e15
    ? `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`
    : 'an unknown time';
}
