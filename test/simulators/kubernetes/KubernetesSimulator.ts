import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import { AddressInfo } from 'node:net';
import { ApiError, forbidden, unauthorized } from './api/ApiError';
import { ApiRequest, handleApi, Route, routeOf } from './api/handleApi';
import { KubeObject } from './api/objects';
import { groupOf } from './api/Store';
import { Cluster, ClusterOptions, Fate } from './controllers/Cluster';
import { ControlPlane } from './controllers/ControlPlane';
import { OpenApiValidator } from './validation/OpenApiValidator';

export interface KubernetesSimulatorOptions extends Partial<ClusterOptions> {
  port?: number;
  /** User by bearer token; `portal-token` is the portal's unless said otherwise. */
  tokens?: Record<string, string>;
  /** Milliseconds between two rounds of the controllers. */
  roundMs?: number;
  /** Checks all that goes in and out; one that others can ask, or none of that. */
  validator?: OpenApiValidator;
}

/** A request and what came of it. */
export interface LoggedRequest {
  at: number;
  user?: string;
  method: string;
  path: string;
  query: string;
  contentType?: string;
  status: number;
}

/** What goes wrong, until it is set otherwise. */
interface Faults {
  deniedUsers: Set<string>;
  strangers: Set<string>;
  deniedLogs: Set<string>;
  rejectAll: boolean;
  throttled: number;
  cutNextChange: boolean;
  latencyMs: number;
}

/** A Kubernetes API server with controllers, on loopback. */
export class KubernetesSimulator {
  readonly cluster: Cluster;
  readonly requests: LoggedRequest[] = [];
  readonly #server: Server;
  readonly #controlPlane: ControlPlane;
  readonly #tokens: Record<string, string>;
  readonly #validator?: OpenApiValidator;
  #faults: Faults = noFaults();

  private constructor(options: KubernetesSimulatorOptions) {
    this.cluster = new Cluster(options);
    this.#controlPlane = new ControlPlane(this.cluster);
    this.#tokens = options.tokens ?? {
      'portal-token': 'portal',
      'pipeline-token': 'pipeline',
    };
    this.#validator = options.validator;
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
  }

  static async start(
    options: KubernetesSimulatorOptions = {},
  ): Promise<KubernetesSimulator> {
    const simulator = new KubernetesSimulator(options);
    await new Promise<void>((resolve, reject) => {
      simulator.#server.once('error', reject);
      simulator.#server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    simulator.#controlPlane.start(options.roundMs ?? 5);
    return simulator;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** How pods with this image end up, from now on. */
  setFate(image: string, fate: Fate): void {
    this.cluster.fates.set(image, fate);
  }

  setQuota(namespace: string, pods: number | undefined): void {
    if (pods === undefined) this.cluster.quotas.delete(namespace);
    else this.cluster.quotas.set(namespace, pods);
  }

  /** Changes by this user are refused. */
  denyChanges(user: string): void {
    this.#faults.deniedUsers.add(user);
  }

  /** This user may not even read. */
  denyAll(user: string): void {
    this.#faults.strangers.add(user);
  }

  /** This user may read everything but logs. */
  denyLogs(user: string): void {
    this.#faults.deniedLogs.add(user);
  }

  /** No token is accepted any more. */
  rejectCredentials(): void {
    this.#faults.rejectAll = true;
  }

  /** The next so many requests are answered with 429. */
  throttle(requests: number): void {
    this.#faults.throttled = requests;
  }

  /** The next change is done, and the connection cut before the answer. */
  cutNextChange(): void {
    this.#faults.cutNextChange = true;
  }

  setLatency(milliseconds: number): void {
    this.#faults.latencyMs = milliseconds;
  }

  clearFaults(): void {
    this.#faults = noFaults();
    this.cluster.fates.clear();
    this.cluster.quotas.clear();
  }

  /** Lets the controllers work without waiting for the next round. */
  round(): void {
    this.#controlPlane.round();
  }

  async stop(): Promise<void> {
    this.#controlPlane.stop();
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #serve(
    incoming: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const request = await readRequest(incoming);
    await new Promise(resolve => setTimeout(resolve, this.#faults.latencyMs));
    const route = routeOf(request);
    const user = this.#userOf(incoming);
    const isChange = request.method !== 'GET';
    const { code, body, headers } = this.#answer(request, route, user);
    this.requests.push({
      at: Date.now(),
      user,
      method: request.method,
      path: request.path,
      query: request.query.toString(),
      contentType: request.contentType || undefined,
      status: code,
    });
    this.#validator?.check(request, route, { code, body });
    if (isChange && code < 300 && this.#faults.cutNextChange) {
      this.#faults.cutNextChange = false;
      incoming.socket.destroy();
      return;
    }
    const isText = typeof body === 'string';
    response.writeHead(code, {
      'content-type': isText ? 'text/plain' : 'application/json',
      ...headers,
    });
    response.end(isText ? body : JSON.stringify(body));
  }

  #userOf(incoming: IncomingMessage): string | undefined {
    const token = /^Bearer (.+)$/.exec(incoming.headers.authorization ?? '');
    return this.#faults.rejectAll || !token
      ? undefined
      : this.#tokens[token[1]];
  }

  #answer(
    request: ApiRequest,
    route: Route | undefined,
    user: string | undefined,
  ): { code: number; body: unknown; headers?: Record<string, string> } {
    if (this.#faults.throttled > 0) {
      this.#faults.throttled -= 1;
      return {
        code: 429,
        body: 'Too many requests, please try again later.\n',
        headers: { 'retry-after': '1' },
      };
    }
    try {
      if (!user) throw unauthorized();
      if (!route) {
        throw new ApiError(
          404,
          'NotFound',
          'the server could not find the requested resource',
          {},
        );
      }
      this.#authorize(user, route);
      return handleApi(this.cluster, route, request);
    } catch (error) {
      if (!(error instanceof ApiError)) {
        return { code: 500, body: { problem: String(error) } };
      }
      return { code: error.code, body: error.toStatus() };
    }
  }

  #authorize(user: string, route: Route): void {
    const isChange = route.verb !== 'get' && route.verb !== 'list';
    const { deniedUsers, strangers, deniedLogs } = this.#faults;
    if (
      strangers.has(user) ||
      (isChange && deniedUsers.has(user)) ||
      (route.subresource === 'log' && deniedLogs.has(user))
    ) {
      throw forbidden({
        user,
        verb: route.verb,
        resource: route.resource.name,
        group: groupOf(route.resource),
        name: route.name,
        namespace: route.namespace,
      });
    }
  }
}

function noFaults(): Faults {
  return {
    deniedUsers: new Set(),
    strangers: new Set(),
    deniedLogs: new Set(),
    rejectAll: false,
    throttled: 0,
    cutNextChange: false,
    latencyMs: 0,
  };
}

async function readRequest(incoming: IncomingMessage): Promise<ApiRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    contentType: (incoming.headers['content-type'] ?? '').split(';')[0],
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

export type { Fate, KubeObject };
