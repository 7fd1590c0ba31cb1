import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gitEnvironment } from './runGit';

/**
 * Serves a clone or fetch by git's own `http-backend`, a CGI program.
 * Read-only: a push is refused by leaving its service off.
 */
export function serveGit(
  request: IncomingMessage,
  response: ServerResponse,
  options: { projectRoot: string; path: string; query: string },
): void {
  if (
    options.path.endsWith('git-receive-pack') ||
    options.query.includes('git-receive-pack')
  ) {
    response.writeHead(403, { 'content-type': 'text/plain' });
    response.end('This repository is read-only over HTTP\n');
    return;
  }
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
    }),
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
  child.on('error', () => response.destroy());
  child.on('close', () => {
    if (head) response.writeHead(500);
    response.end();
  });
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
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
