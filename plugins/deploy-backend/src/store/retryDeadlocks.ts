/** PostgreSQL's `deadlock_detected` and `serialization_failure`. */
const transientCodes = ['40P01', '40001'];

const MAX_TRIES = 5;

/**
 * Tries a transaction again if PostgreSQL broke it off in favour of another one.
 *
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export async function retryDeadlocks<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= MAX_TRIES || !isTransient(error)) {
        throw error;
      }
    }
  }
}

function isTransient(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    transientCodes.some(code => code === error.code)
  );
}
