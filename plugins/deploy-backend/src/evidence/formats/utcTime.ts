import { InputError } from '@backstage/errors';
import { DateTime } from 'luxon';

/**
 * A time of a report as ISO 8601 in UTC; one without a time zone counts as UTC.
 *
 * @throws InputError that names the place
 */
export function utcTime(value: unknown, where: string): string {
  const time =
    typeof value === 'string'
      ? DateTime.fromISO(value, { zone: 'utc' })
      : undefined;
  const iso = time?.isValid ? time.toISO() : undefined;
  if (!iso) {
    throw new InputError(`${where}: not a time in ISO 8601`);
  }
  return iso;
}
