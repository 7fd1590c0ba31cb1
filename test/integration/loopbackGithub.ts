import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * A port of loopback that nobody listens on, for what has to be named before it starts. None of those that the
 * system gives to whoever asks for any: another suite would get it meanwhile.
 */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 30_000);
    if (await isFree(port)) {
      return port;
    }
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise(resolve => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** `integrations` of an app-config for the simulated GitHub at a host, with one token for all. */
export function githubIntegration(host: string, token: string) {
  return {
    github: [
      {
        host,
        apiBaseUrl: `http://${host}/api/v3`,
        rawBaseUrl: `http://${host}/raw`,
        token,
      },
    ],
  };
}
