import { InputError } from '@backstage/errors';

/** Later years have more digits, and times are compared as texts. */
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/** When a lock runs out, in UTC; undefined for never. Throws an InputError unless that is a time to come. */
export function checkExpiry(
  expiresAt: string | undefined,
  now: Date,
): string | undefined {
  if (expiresAt === undefined) {
    return undefined;
  }
  const time = Date.parse(expiresAt);
  if (!(time > now.getTime() && time <= LATEST)) {
    throw new InputError(
      'expiresAt: has to be a time in the future, such as 2030-01-31T12:00:00Z; leave it out for a lock that stays',
    );
  }
  return new Date(time).toISOString();
}
