import { realpathSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type Environment, checks } from './checks.ts';

export const SERVICE = '${{ values.product }}-${{ values.name }}';
export const HEALTH_PATH = '${{ values.healthPath }}';
export const PORT = '${{ values.port }}';

export interface Answer {
  status: number;
  body: Record<string, string>;
}

/** The commit that runs: GIT_SHA, or on a machine the release that the service was started in. */
export function commit(environment: Environment, directory: string): string {
  const release = /\/releases\/([0-9a-f]{40})(\/|$)/.exec(
    realpathSync(directory),
  );
  return environment.GIT_SHA || (release?.[1] ?? 'unknown');
}

/** Whether everything is there that the service needs. */
export async function health(
  environment: Environment,
  needed = checks,
): Promise<Answer> {
  const missing: Record<string, string> = {};
  for (const [name, check] of Object.entries(needed)) {
    await check(environment).catch(() => {
      missing[name] = 'missing';
    });
  }
  return Object.keys(missing).length > 0
    ? { status: 503, body: { status: 'unhealthy', ...missing } }
    : { status: 200, body: { status: 'ok' } };
}

/** Status and body for a path. */
export async function answer(
  path: string,
  environment: Environment,
  needed = checks,
): Promise<Answer> {
  switch (path) {
    case HEALTH_PATH:
      return await health(environment, needed);
    case '/version':
      return {
        status: 200,
        body: {
          service: SERVICE,
          git_sha: commit(environment, process.cwd()),
        },
      };
    default:
      return { status: 404, body: { error: 'There is nothing here.' } };
  }
}

/** Answers with JSON; it does not listen yet. */
export function createService(
  environment: Environment,
  needed = checks,
): Server {
  return createServer((request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?');
    void answer(path, environment, needed).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
}
