import { randomUUID } from 'node:crypto';
import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { handleControl } from '../control/handleControl';
import { AwsError } from '../ecs/AwsError';
import { AwsBackend, AwsReply } from './AwsBackend';

const largestBody = 1024 * 1024;

/** Shows the simulated AWS on loopback, and nowhere else. */
export class AwsServer {
  readonly #server: Server;
  readonly #backend: AwsBackend;

  constructor(backend: AwsBackend) {
    this.#backend = backend;
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
    // Longer than any pause of a client: connections break only by a fault.
    this.#server.keepAliveTimeout = 10 * 60_000;
  }

  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    const { port: actual } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${actual}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #handle(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = await readBody(request);
    if (request.url?.startsWith('/_control/')) {
      const answer = handleControl(this.#backend, {
        method: request.method ?? 'GET',
        path: request.url.slice('/_control'.length),
        body: body.length === 0 ? {} : JSON.parse(body.toString()),
      });
      response
        .writeHead(answer.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer.body));
      return;
    }
    const reply = this.#backend.handle({
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: request.headers,
      body,
    });
    if (this.#backend.faults.latency > 0) {
      await wait(this.#backend.faults.latency);
    }
    send(response, reply);
  }
}

function send(response: ServerResponse, reply: AwsReply): void {
  if (reply.cut) {
    response.socket?.destroy();
    return;
  }
  response
    .writeHead(reply.status, {
      'content-type': reply.type,
      'x-amzn-requestid': randomUUID(),
    })
    .end(reply.body);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > largestBody) {
      throw new AwsError('RequestEntityTooLarge', 'Too large.', 413);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
