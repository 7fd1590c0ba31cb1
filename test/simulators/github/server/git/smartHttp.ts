import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { gitEnvironment } from './runGit';

/** No branch is deleted over git, and no process goes on tidying up after a push. */
const SETTINGS: ReadonlyArray<[name: string, value: string]> = [
  ['receive.denyDeletes', 'true'],
  ['receive.autogc', 'false'],
];

/** Serves a clone, a fetch or a push by git's own `http-backend`, a CGI program, to its end. */
export async function serveGit(
  request: IncomingMessage,
  response: ServerResponse,
  options: {
    projectRoot: string;
    path: string;
    query: string;
    /** Who asks; without anybody git refuses a push. */
    user: string | undefined;
  },
): Promise<void> {
  const child = spawn('git', ['http-backend'], {
    env: gitEnvironment({
      GIT_PROJECT_ROOT: options.projectRoot,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: options.path,
      QUERY_STRING: options.query,
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_ADDR: '127.0.0.1',
      REMOTE_USER: options.user ?? '',
      GIT_CONFIG_COUNT: String(SETTINGS.length),
      ...Object.fromEntries(
        SETTINGS.flatMap(([name, value], index) => [
          [`GIT_CONFIG_KEY_${index}`, name],
          [`GIT_CONFIG_VALUE_${index}`, value],
        ]),
      ),
    }),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>(resolve => {
    child.on('error', () => {
      response.destroy();
      resolve();
    });
    child.on('close', () => resolve());
  });
  let head: Buffer | undefined = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    if (!head) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    writeHead(response, head.subarray(0, end).toString());
    response.write(head.subarray(end + 4));
    head = undefined;
  });
  // Who hangs up leaves git without the rest: it ends, and changes nothing.
  await pipeline(request, child.stdin).catch(() => undefined);
  await ended;
  if (head && !response.destroyed) response.writeHead(500);
  response.end();
}

function writeHead(response: ServerResponse, head: string): void {
  let status = 200;
  const headers: Record<string, string> = {};
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'status') status = Number(value.split(' ')[0]);
    else headers[name] = value;
  }
  response.writeHead(status, headers);
}
