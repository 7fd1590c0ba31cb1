import { ErrorLike, isError } from '@backstage/errors';

/** Errors of a connection, of which nobody knows whose it was. */
const networkCodes: ReadonlySet<string> = new Set([
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/**
 * What knex, its pool and `pg` say without a code.
 *
 * Source: `lib/client.js` of knex 3 and of pg 8, and `Pool.js` and `PendingOperation.js` of tarn 3.
 */
const texts: readonly RegExp[] = [
  /^Unable to acquire a connection$/,
  /^Connection terminated\b/,
  /^Connection (?:ended|closed)\b/i,
  /^Client (?:has encountered a connection error|was closed)/,
  /^timeout (?:expired|exceeded when trying to connect)/,
  /^Query read timeout$/,
];

/** Causes that are looked through; one may be its own. */
const MAX_CAUSES = 5;

/**
 * The error of a database, or of a connection that may be its, among an error and its causes. Its text
 * holds the statement with its values, and where the database is: only the server's log may have it.
 */
export function findDatabaseError(error: unknown): ErrorLike | undefined {
  let current = error;
  for (let depth = 0; depth < MAX_CAUSES; depth++) {
    // By its looks: the error of a native module may be none of our `Error`.
    if (!isError(current)) {
      return undefined;
    }
    if (isOfDatabase(current)) {
      return current;
    }
    current = current.cause;
  }
  return undefined;
}

/** Not necessarily to the database. */
export function isOfConnection(error: Error | ErrorLike): boolean {
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && networkCodes.has(code);
}

function isOfDatabase(error: ErrorLike): boolean {
  const { name, message, code, severity } = error;
  if (name === 'SqliteError' || name === 'KnexTimeoutError') {
    return true;
  }
  if (typeof code === 'string') {
    const isSqlState =
      /^[0-9A-Z]{5}$/.test(code) && typeof severity === 'string';
    return isSqlState || code.startsWith('SQLITE_') || isOfConnection(error);
  }
  // Knex writes the statement before it.
  const text = message.split(' - ').pop() ?? '';
  return texts.some(pattern => pattern.test(text));
}
