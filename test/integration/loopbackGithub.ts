import { createServer } from 'node:net';

/** A port of loopback that nobody listens on, for what has to be named before it starts. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as { port: number };
  await new Promise(closed => server.close(closed));
  return port;
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
