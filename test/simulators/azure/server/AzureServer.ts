import { createServer, Server } from 'node:https';
import { IncomingMessage, ServerResponse } from 'node:http';
import { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ArmFront } from '../arm/ArmFront';
import { ArmError, ArmResponse } from '../arm/types';
import { TokenService } from '../entra/TokenService';
import { Certificates } from './certificates';
import { Faults } from './faults';
import { LoggedRequest, RequestLog } from './RequestLog';

const LARGEST_BODY = 1_048_576;

/** The https front: Entra ID and Resource Manager behind one address. */
export class AzureServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #front: ArmFront;
  readonly #tokens: TokenService;
  readonly #log: RequestLog;
  readonly faults: Faults;
  #url = '';

  constructor(options: {
    certificates: Certificates;
    front: ArmFront;
    tokens: TokenService;
    log: RequestLog;
    faults: Faults;
  }) {
    this.#front = options.front;
    this.#tokens = options.tokens;
    this.#log = options.log;
    this.faults = options.faults;
    const { cert, key } = options.certificates;
    this.#server = createServer({ cert, key }, (request, response) => {
      this.#serve(request, response).catch(() => request.socket.destroy());
    });
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  get url(): string {
    return this.#url;
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => resolve());
    });
    const { port: bound } = this.#server.address() as AddressInfo;
    this.#url = `https://127.0.0.1:${bound}`;
  }

  async close(): Promise<void> {
    this.#sockets.forEach(socket => socket.destroy());
    await new Promise<void>(resolve => this.#server.close(() => resolve()));
  }

  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = await readBody(request);
    const { pathname } = new URL(request.url ?? '/', this.#url);
    const entra = this.#tokens.handle(
      {
        method: request.method ?? 'GET',
        path: pathname,
        form: new URLSearchParams(body),
      },
      this.#url,
      this.faults.rejectCredentials,
    );
    if (entra) {
      send(response, entra);
      return;
    }
    const entry = this.#log.begin(request.method ?? 'GET', pathname);
    await this.#serveArm(request, response, body, entry);
    entry.finishedAt = Date.now();
  }

  async #serveArm(
    request: IncomingMessage,
    response: ServerResponse,
    body: string,
    entry: LoggedRequest,
  ): Promise<void> {
    if (this.faults.latencyMs > 0) {
      await delay(this.faults.latencyMs);
    }
    const refusal = this.#refuse(request);
    if (refusal) {
      entry.status = refusal.status;
      send(response, refusal.toResponse());
      return;
    }
    entry.change = request.method !== 'GET';
    if (entry.change && this.faults.cutBeforeChanges > 0) {
      this.faults.cutBeforeChanges -= 1;
      entry.change = false;
      request.socket.destroy();
      return;
    }
    const answer = await this.#front.handle({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      body,
      fromSdk: /azsdk-js/.test(request.headers['user-agent'] ?? ''),
      baseUrl: this.#url,
    });
    if (entry.change && this.faults.cutChanges > 0) {
      this.faults.cutChanges -= 1;
      request.socket.destroy();
      return;
    }
    entry.status = answer.status;
    send(response, answer);
  }

  #refuse(request: IncomingMessage): ArmError | undefined {
    const authorization = request.headers.authorization;
    if (authorization === undefined) {
      return new ArmError(
        401,
        'AuthenticationFailed',
        "Authentication failed. The 'Authorization' header is missing.",
        { 'WWW-Authenticate': 'Bearer' },
      );
    }
    if (this.faults.rejectCredentials || !this.#tokens.accepts(authorization)) {
      return new ArmError(
        401,
        'InvalidAuthenticationToken',
        'The access token is invalid.',
        { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
      );
    }
    if (this.faults.throttle > 0) {
      this.faults.throttle -= 1;
      return new ArmError(
        429,
        'SubscriptionRequestsThrottled',
        'Number of requests for the subscription exceeded the limit. Please try again later.',
        { 'Retry-After': String(this.faults.throttleRetryAfterSeconds) },
      );
    }
    const isDenied =
      request.method === 'GET'
        ? this.faults.denyOperations &&
          /\/locations\/[^/]+\/\w*operation/i.test(request.url ?? '')
        : this.faults.denyChanges;
    if (isDenied) {
      return new ArmError(
        403,
        'AuthorizationFailed',
        'The client does not have authorization to perform the action over the scope, or the scope is invalid.',
      );
    }
    return undefined;
  }
}

/** As text; refuses what no request has. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > LARGEST_BODY) {
      throw new Error('The body is too large.');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(
  response: ServerResponse,
  answer: Pick<ArmResponse, 'status' | 'headers'> & { body?: unknown },
): void {
  const headers: Record<string, string> = { ...answer.headers };
  if (answer.body !== undefined) {
    headers['Content-Type'] = 'application/json; charset=utf-8';
  }
  response.writeHead(answer.status, headers);
  response.end(
    answer.body === undefined ? undefined : JSON.stringify(answer.body),
  );
}
