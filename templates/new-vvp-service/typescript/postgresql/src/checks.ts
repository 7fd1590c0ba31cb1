import { once } from 'node:events';
import { connect } from 'node:net';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Something answers where DATABASE_URL says that the database is. */
async function database({ DATABASE_URL }: Environment): Promise<void> {
  if (!DATABASE_URL) {
    throw new Error('DATABASE_URL is not set');
  }
  const { hostname, port } = new URL(DATABASE_URL);
  const socket = connect({ host: hostname, port: Number(port || 5432) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(2000) });
  } finally {
    socket.destroy();
  }
}

/** What the service needs to work, by name; a check rejects if it is not there. */
export const checks: Readonly<
  Record<string, (environment: Environment) => Promise<void>>
> = { database };
