import { createHash } from 'node:crypto';
import { InputError } from '@backstage/errors';
import { NewOperation } from '../engine/types';

/**
 * What tells a repeated request from a new one.
 *
 * @param header - the header `Idempotency-Key` as it came in
 * @param caller - two callers may choose the same key
 */
export function readIdempotency(
  header: string | undefined,
  caller: string,
  request: { path: string; body: unknown },
): NewOperation['idempotency'] {
  if (header === undefined) {
    return undefined;
  }
  if (!/^[\x21-\x7e]{1,255}$/.test(header)) {
    throw new InputError(
      'Idempotency-Key: has to be 1 to 255 visible ASCII characters, such as a UUID',
    );
  }
  return {
    key: digest(`${caller}\n${header}`),
    request: digest(JSON.stringify(canonical(request))),
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The same whatever order the members came in. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(canonical);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([key, member]) => [key, canonical(member)]),
    );
  }
  return value;
}
