import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { handleControl } from '../control/handleControl';
import { closePull } from '../control/pulls';
import { NOT_FOUND } from '../pages/answer';
import { page } from '../pages/page';
import type { RestReply } from '../rest/types';
import type { Simulator } from '../Simulator';
import { serveRepository } from './gitService';
import { readBody } from './readBody';

const API = '/api/v3';
const GIT =
  /^\/([^/]+)\/([^/]+?)\.git\/(info\/refs|git-upload-pack|git-receive-pack|HEAD|objects\/.*)$/;

/** The button on the page of a pull request. */
const MERGE = /^\/([^/]+)\/([^/]+)\/pull\/(\d+)\/merge$/;

/** Shows a simulator on loopback, and nowhere else. */
export class HttpServer {
  readonly #server: Server;
  #simulator: Simulator | undefined;

  constructor() {
    this.#server = createServer((request, response) => {
      void this.#handle(request, response).catch((cause: unknown) => {
        if (response.headersSent) {
          response.destroy();
          return;
        }
        sendJson(response, 500, { message: String(cause) });
      });
    });
  }

  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  serve(simulator: Simulator): void {
    this.#simulator = simulator;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #handle(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const simulator = this.#simulator;
    if (!simulator) {
      sendJson(response, 503, { message: 'The simulator is starting' });
      return;
    }
    const url = new URL(request.url ?? '/', simulator.world.urls.web);
    const git = GIT.exec(url.pathname);
    if (git) {
      const [, owner, name, file] = git;
      await serveRepository(simulator, request, response, {
        ...{ owner, name, file },
        url,
      });
      return;
    }
    const body = await readBody(request);
    if (url.pathname.startsWith('/_control/')) {
      const reply = await handleControl(simulator, {
        method: request.method ?? 'GET',
        path: url.pathname.slice('/_control'.length),
        query: url.searchParams,
        body: body.length === 0 ? {} : JSON.parse(body.toString()),
      });
      sendJson(response, reply.status, reply.body);
      return;
    }
    if (url.pathname.startsWith('/_oidc/')) {
      this.#oidc(simulator, url.pathname, response);
      return;
    }
    const merge = MERGE.exec(url.pathname);
    if (merge && request.method === 'POST') {
      send(response, await mergeByHand(simulator, merge));
      return;
    }
    if (url.pathname === '/api/graphql') {
      const { authorization } = request.headers;
      send(
        response,
        await simulator.exclusive(() =>
          simulator.api.graphql({ authorization, body }),
        ),
      );
      return;
    }
    const apiPath = apiPathOf(url.pathname);
    if (apiPath !== undefined) {
      const reply = await simulator.exclusive(() =>
        simulator.api.handle({
          method: request.method ?? 'GET',
          path: apiPath,
          url,
          headers: flatten(request.headers),
          body,
        }),
      );
      if (reply.delayMilliseconds) await delay(reply.delayMilliseconds);
      if (reply.cut) {
        response.destroy();
        return;
      }
      response.setHeader('date', new Date(simulator.world.now).toUTCString());
      send(response, reply);
      return;
    }
    send(response, await page(simulator, url));
  }

  #oidc(simulator: Simulator, path: string, response: ServerResponse): void {
    if (path === '/_oidc/.well-known/openid-configuration') {
      sendJson(response, 200, simulator.oidc.discovery());
    } else if (path === '/_oidc/.well-known/jwks') {
      sendJson(response, 200, simulator.oidc.jwks());
    } else sendJson(response, 404, { message: 'Not Found' });
  }
}

/** Merges as the button does, and shows the pull request again. */
function mergeByHand(
  simulator: Simulator,
  [, owner, name, number]: RegExpExecArray,
): Promise<RestReply> {
  return simulator.exclusive(async () => {
    const repository = simulator.world.repository(owner, name);
    const pull = repository?.pulls.find(one => one.number === Number(number));
    if (!repository || !pull) return NOT_FOUND;
    if (pull.closedAt === undefined) {
      await closePull(simulator.world, repository, pull.number, {
        merge: true,
        outcomes: {},
      });
    }
    const location = `/${repository.fullName}/pull/${number}`;
    return { status: 303, headers: { location } };
  });
}

/** The path below the API's root, which is `/api/v3` or, for `/repos`, the host itself. */
function apiPathOf(path: string): string | undefined {
  if (path === API || path.startsWith(`${API}/`)) {
    return path.slice(API.length) || '/';
  }
  return path.startsWith('/repos/') ? path : undefined;
}

function flatten(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, String(value)]),
  );
}

function sendJson(response: ServerResponse, status: number, body: unknown) {
  send(response, { status, body });
}

function send(response: ServerResponse, reply: RestReply): void {
  const { status, body, headers } = reply;
  if (body === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  const isRaw = Buffer.isBuffer(body) || typeof body === 'string';
  response
    .writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'x-github-request-id': 'SIMULATED',
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '4999',
      'x-ratelimit-used': '1',
      'x-ratelimit-resource': 'core',
      'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3600),
      ...headers,
    })
    .end(isRaw ? body : JSON.stringify(body));
}
