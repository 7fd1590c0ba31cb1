import { createServer, Server } from 'node:https';
import { IncomingMessage, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { VendorModel } from '../model/VendorModel';
import { readBody } from '../server/AzureServer';
import { Certificates } from '../server/certificates';
import { RegistryFront } from './RegistryFront';
import { RegistryStore } from './RegistryStore';
import { RegistryTokens } from './RegistryTokens';
import { createRegistryModel } from './model';
import { noRegistryFaults, RegistryFaults, RegistryResponse } from './types';

/** Where a proxy leads to. */
const ELSEWHERE = '/elsewhere';

/** One request that came in. */
export interface RegistryRecord {
  method: string;
  path: string;
  status?: number;
}

/** A registry of Azure at an address of its own, with https on loopback. */
export class RegistryServer {
  readonly store: RegistryStore;
  /** Set what is to go wrong; {@link RegistryServer.clearFaults} ends it. */
  readonly faults: RegistryFaults = { ...noRegistryFaults };
  readonly requests: RegistryRecord[] = [];
  readonly #server: Server;
  readonly #front: RegistryFront;
  #url = '';

  private constructor(
    store: RegistryStore,
    certificates: Certificates,
    tokens: RegistryTokens,
    model: VendorModel,
  ) {
    this.store = store;
    this.#front = new RegistryFront({
      store,
      tokens,
      model,
      faults: this.faults,
    });
    const { cert, key } = certificates;
    this.#server = createServer({ cert, key }, (request, response) => {
      this.#serve(request, response).catch(() => request.socket.destroy());
    });
  }

  /** @param acceptsEntra - whether an Authorization header holds a token of Entra ID */
  static async start(options: {
    store: RegistryStore;
    certificates: Certificates;
    acceptsEntra: (authorization: string) => boolean;
    port?: number;
  }): Promise<RegistryServer> {
    const { store, certificates, acceptsEntra, port = 0 } = options;
    const registry = new RegistryServer(
      store,
      certificates,
      new RegistryTokens(store.loginServer, acceptsEntra),
      await createRegistryModel(),
    );
    await registry.#listen(port);
    return registry;
  }

  get url(): string {
    return this.#url;
  }

  get model(): VendorModel {
    return this.#front.model;
  }

  clearFaults(): void {
    Object.assign(this.faults, noRegistryFaults);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>(resolve => this.#server.close(() => resolve()));
  }

  async #listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => resolve());
    });
    const { port: bound } = this.#server.address() as AddressInfo;
    this.#url = `https://127.0.0.1:${bound}`;
  }

  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = await readBody(request);
    const method = request.method ?? 'GET';
    const { pathname, searchParams } = new URL(request.url ?? '/', this.#url);
    const record: RegistryRecord = { method, path: pathname };
    this.requests.push(record);
    if (this.faults.latencyMs > 0) {
      await delay(this.faults.latencyMs);
    }
    if (this.faults.cut > 0) {
      this.faults.cut -= 1;
      request.socket.destroy();
      return;
    }
    const { proxyStatus } = this.faults;
    const answer =
      proxyStatus === undefined
        ? this.#front.handle({
            method,
            path: pathname,
            query: searchParams,
            ...(method === 'POST' && { form: new URLSearchParams(body) }),
            authorization: request.headers.authorization,
            fromSdk: /azsdk-js/.test(request.headers['user-agent'] ?? ''),
          })
        : {
            status: proxyStatus,
            headers: { Location: `${this.#url}${ELSEWHERE}` },
            body: '<html>Not here</html>',
          };
    record.status = answer.status;
    send(response, answer);
  }
}

function send(response: ServerResponse, answer: RegistryResponse): void {
  const { status, headers, body } = answer;
  const isText = typeof body === 'string';
  response.writeHead(status, {
    'Content-Type': isText ? 'text/html' : 'application/json; charset=utf-8',
    ...headers,
  });
  response.end(isText ? body : JSON.stringify(body));
}
