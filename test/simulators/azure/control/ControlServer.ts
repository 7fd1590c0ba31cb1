import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { AzureSimulator } from '../AzureSimulator';
import { ContainerAppStore, Defect, NewApp } from '../containerApps';
import { Faults } from '../server/faults';

const LARGEST_BODY = 1_048_576;

/** What the control API does for a path; providers may bring their own. */
export type ControlRoute = (body: Record<string, unknown>) => unknown;

/** Steers a simulator that runs as a process of its own: plain http on loopback, JSON in and out. */
export class ControlServer {
  readonly #server: Server;
  readonly #routes: ReadonlyMap<string, ControlRoute>;

  constructor(routes: Record<string, ControlRoute>) {
    this.#routes = new Map(Object.entries(routes));
    this.#server = createServer(async (request, response) => {
      const { status, body } = await this.#answer(request);
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  }

  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => resolve());
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>(resolve => this.#server.close(() => resolve()));
  }

  async #answer(
    request: IncomingMessage,
  ): Promise<{ status: number; body: unknown }> {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const route = this.#routes.get(`${request.method} ${path}`);
    if (!route) {
      return {
        status: 404,
        body: { error: `No route ${request.method} ${path}` },
      };
    }
    try {
      const result = await route(await readJson(request));
      return { status: 200, body: result ?? {} };
    } catch (error) {
      return { status: 400, body: { error: String(error) } };
    }
  }
}

/** Routes for the simulator as a whole. */
export function simulatorRoutes(
  azure: AzureSimulator,
): Record<string, ControlRoute> {
  return {
    'GET /connection': () => azure.connectionConfig(),
    'GET /requests': () => azure.requests(),
    'GET /validation': () => azure.validation(),
    'GET /faults': () => azure.faults,
    'POST /faults': body => setFaults(azure.faults, body),
    'DELETE /faults': () => azure.clearFaults(),
  };
}

/** Routes for the container apps. */
export function containerAppRoutes(
  store: ContainerAppStore,
): Record<string, ControlRoute> {
  return {
    'GET /container-apps': () => store.list(),
    'POST /container-apps': body => store.create(body as unknown as NewApp),
    'POST /container-apps/defects': body => {
      for (const [name, defect] of Object.entries(body)) {
        store.defects.set(name, defect as Defect);
      }
    },
    'DELETE /container-apps/defects': () => store.defects.clear(),
    'POST /container-apps/timings': body => {
      Object.assign(store.timings, body);
    },
  };
}

function setFaults(faults: Faults, values: Record<string, unknown>): Faults {
  for (const [name, value] of Object.entries(values)) {
    if (!Object.hasOwn(faults, name)) {
      throw new Error(`There is no fault "${name}".`);
    }
    Object.assign(faults, { [name]: value });
  }
  return faults;
}

async function readJson(
  request: IncomingMessage,
): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > LARGEST_BODY) {
      throw new Error('The body is too large.');
    }
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? {} : JSON.parse(text);
}
