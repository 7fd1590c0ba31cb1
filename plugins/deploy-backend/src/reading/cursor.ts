import { InputError } from '@backstage/errors';

/** A cursor is the sort key of the last row shown. */
export function encodeCursor(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Throws an InputError if the cursor is not one of ours. */
export function decodeCursor(cursor: string, length: number): string[] {
  try {
    const key: unknown = JSON.parse(
      Buffer.from(cursor, 'base64url').toString('utf8'),
    );
    if (
      Array.isArray(key) &&
      key.length === length &&
      key.every(part => typeof part === 'string' && !part.includes('\0'))
    ) {
      return key;
    }
  } catch {
    // Falls through to the error below.
  }
  throw new InputError(
    'cursor: is not valid; use the nextCursor of an earlier answer, or leave it out',
  );
}
