import { randomUUID } from 'node:crypto';
import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import type { KubeObject } from '../kubernetes/api/objects';
import { applyPatch } from '../kubernetes/api/patch';

/** Kinds that the simulated cluster does not have. */
const CORE: Readonly<Record<string, string>> = {
  namespaces: 'Namespace',
  configmaps: 'ConfigMap',
  services: 'Service',
  secrets: 'Secret',
};

const CREATED = '2026-01-05T12:00:00Z';

const PATH =
  /^\/api\/v1\/(?:namespaces\/([^/]+)\/)?(configmaps|services|secrets|namespaces)(?:\/([^/]+))?$/;

interface Answer {
  code: number;
  body: unknown;
}

/** An API server that keeps ConfigMaps, Secrets, Services and namespaces, and has all else done by a simulated cluster. */
export class ClusterFront {
  /** By kind, namespace and name. */
  readonly #objects = new Map<string, KubeObject>();
  readonly #behind: string;
  readonly #server: Server;
  #version = 0;

  private constructor(behind: string) {
    this.#behind = behind;
    this.#server = createServer(async (request, response) => {
      const body = await textOf(request);
      const { code, text } = await this.#answer(request, body);
      response.writeHead(code, { 'content-type': 'application/json' });
      response.end(text);
    });
  }

  /** @param behind - address of the simulated cluster */
  static async start(behind: string): Promise<ClusterFront> {
    const front = new ClusterFront(behind);
    await new Promise<void>(done => {
      front.#server.listen(0, '127.0.0.1', done);
    });
    return front;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(done => {
      this.#server.close(done);
    });
  }

  /** As if it had been there for long. */
  add(kind: string, namespace: string, name: string, content: object): void {
    this.#version += 1;
    this.#objects.set(keyOf(kind, namespace, name), {
      apiVersion: 'v1',
      kind,
      metadata: {
        name,
        namespace,
        uid: randomUUID(),
        creationTimestamp: CREATED,
        resourceVersion: String(this.#version),
      },
      ...content,
    });
  }

  remove(kind: string, namespace: string, name: string): void {
    this.#objects.delete(keyOf(kind, namespace, name));
  }

  find(kind: string, namespace: string, name: string): KubeObject | undefined {
    return this.#objects.get(keyOf(kind, namespace, name));
  }

  async #answer(
    request: IncomingMessage,
    body: string,
  ): Promise<{ code: number; text: string }> {
    const url = new URL(request.url ?? '/', this.#behind);
    const match = PATH.exec(url.pathname);
    if (!match) {
      const answer = await fetch(url, {
        method: request.method,
        headers: {
          authorization: request.headers.authorization ?? '',
          'content-type': request.headers['content-type'] ?? '',
        },
        ...(body !== '' && { body }),
      });
      return { code: answer.status, text: await answer.text() };
    }
    const [, namespace = '', plural, name = ''] = match;
    const { code, body: content } = this.#carryOut(
      `${request.method}`,
      { kind: CORE[plural], plural, namespace, name },
      body === '' ? undefined : JSON.parse(body),
      `${request.headers['content-type']}`,
    );
    return { code, text: JSON.stringify(content) };
  }

  #carryOut(
    method: string,
    at: { kind: string; plural: string; namespace: string; name: string },
    body: any,
    contentType: string,
  ): Answer {
    const name = method === 'POST' ? body.metadata.name : at.name;
    const key = keyOf(at.kind, at.namespace, name);
    const found = this.#objects.get(key);
    if ((found === undefined) !== (method === 'POST')) {
      return found
        ? refusal(409, 'AlreadyExists', `${at.plural} "${name}" already exists`)
        : refusal(404, 'NotFound', `${at.plural} "${name}" not found`);
    }
    if (
      method === 'POST' &&
      at.namespace !== '' &&
      !this.find('Namespace', '', at.namespace)
    ) {
      return refusal(404, 'NotFound', `namespaces "${at.namespace}" not found`);
    }
    switch (method) {
      case 'GET':
        return { code: 200, body: found };
      case 'DELETE':
        this.#objects.delete(key);
        return { code: 200, body: { kind: 'Status', status: 'Success' } };
      default: {
        const wanted =
          method === 'PATCH'
            ? (applyPatch(contentType, found, body) as KubeObject)
            : body;
        return this.#keep(key, at, wanted, found);
      }
    }
  }

  #keep(
    key: string,
    at: { kind: string; namespace: string },
    { stringData, ...wanted }: any,
    found: KubeObject | undefined,
  ): Answer {
    const version = wanted.metadata.resourceVersion;
    if (found && version && version !== found.metadata.resourceVersion) {
      return refusal(409, 'Conflict', 'the object has been modified');
    }
    this.#version += 1;
    const object = {
      ...wanted,
      // As the API server keeps it.
      ...(stringData && {
        data: Object.fromEntries(
          Object.entries(stringData).map(([name, text]) => [
            name,
            Buffer.from(String(text)).toString('base64'),
          ]),
        ),
      }),
      metadata: {
        ...wanted.metadata,
        ...(at.namespace && { namespace: at.namespace }),
        uid: found?.metadata.uid ?? randomUUID(),
        creationTimestamp: CREATED,
        resourceVersion: String(this.#version),
      },
    };
    this.#objects.set(key, object);
    return { code: found ? 200 : 201, body: object };
  }
}

function keyOf(kind: string, namespace: string, name: string): string {
  return `${kind} ${namespace}/${name}`;
}

function refusal(code: number, reason: string, message: string): Answer {
  return {
    code,
    body: {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      reason,
      message,
      code,
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
  }
  return text;
}
