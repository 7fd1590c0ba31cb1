import type { KubeObject } from '../kubernetes/api/objects';
import { CallError } from './CallError';

/** A kind as kubectl calls it and as the API does. */
interface Kind {
  kind: string;
  plural: string;
  root: string;
  isNamespaced: boolean;
  /** As kubectl writes it, such as `deployment.apps`. */
  printed: string;
}

const kind = (name: string, root = 'api/v1', isNamespaced = true): Kind => ({
  kind: name,
  plural: `${name.toLowerCase()}s`,
  root,
  isNamespaced,
  printed: `${name.toLowerCase()}${root === 'apis/apps/v1' ? '.apps' : ''}`,
});

const KINDS: readonly Kind[] = [
  kind('Deployment', 'apis/apps/v1'),
  kind('ReplicaSet', 'apis/apps/v1'),
  kind('Pod'),
  kind('ConfigMap'),
  kind('Service'),
  kind('Secret'),
  kind('Namespace', 'api/v1', false),
];

/** By the name that an argument or an object gives it. */
export function kindOf(name: string): Kind {
  const found = KINDS.find(
    one =>
      one.kind === name || one.plural === name || one.plural === `${name}s`,
  );
  if (!found) {
    throw new CallError(
      `error: the server doesn't have a resource type "${name}"`,
    );
  }
  return found;
}

/** What kubectl asks of the API server. */
export class Api {
  readonly #server: string;
  readonly #token: string;
  readonly #namespace: string;

  constructor(server: string, token: string, namespace: string) {
    this.#server = server;
    this.#token = token;
    this.#namespace = namespace;
  }

  async find(of: Kind, name: string): Promise<KubeObject | undefined> {
    const answer = await this.#fetch('GET', of, `/${name}`);
    if (answer.status === 404) {
      return undefined;
    }
    return { kind: of.kind, ...(await contentOf(answer)) } as KubeObject;
  }

  async get(of: Kind, name: string): Promise<KubeObject> {
    const answer = await this.#fetch('GET', of, `/${name}`);
    return contentOf(answer);
  }

  async list(of: Kind, selector = ''): Promise<KubeObject[]> {
    const query = selector
      ? `?labelSelector=${encodeURIComponent(selector)}`
      : '';
    const list = await contentOf(await this.#fetch('GET', of, query));
    return list.items.map((item: object) => ({
      apiVersion: list.apiVersion,
      kind: of.kind,
      ...item,
    }));
  }

  async create(object: KubeObject): Promise<KubeObject> {
    return contentOf(
      await this.#fetch('POST', kindOf(object.kind), '', object),
    );
  }

  async put(object: KubeObject): Promise<KubeObject> {
    const { name } = object.metadata;
    return contentOf(
      await this.#fetch('PUT', kindOf(object.kind), `/${name}`, object),
    );
  }

  async patch(
    of: Kind,
    name: string,
    patch: object,
    type = 'strategic-merge-patch',
  ): Promise<KubeObject> {
    return contentOf(
      await this.#fetch(
        'PATCH',
        of,
        `/${name}`,
        patch,
        `application/${type}+json`,
      ),
    );
  }

  /** @returns whether it was there */
  async remove(of: Kind, name: string): Promise<boolean> {
    const answer = await this.#fetch('DELETE', of, `/${name}`);
    if (answer.status === 404) {
      return false;
    }
    await contentOf(answer);
    return true;
  }

  async log(pod: string, query: Record<string, string>): Promise<string> {
    const answer = await this.#fetch(
      'GET',
      kindOf('Pod'),
      `/${pod}/log?${new URLSearchParams(query)}`,
    );
    return answer.ok ? answer.text() : contentOf(answer);
  }

  async #fetch(
    method: string,
    { root, plural, isNamespaced }: Kind,
    rest: string,
    body?: object,
    type = 'application/json',
  ): Promise<Response> {
    const place = isNamespaced ? `namespaces/${this.#namespace}/` : '';
    return fetch(`${this.#server}/${root}/${place}${plural}${rest}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        'content-type': type,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  }
}

async function contentOf(answer: Response): Promise<any> {
  const text = await answer.text();
  if (answer.ok) {
    return JSON.parse(text);
  }
  const { reason, message } = text.startsWith('{')
    ? JSON.parse(text)
    : { reason: 'TooManyRequests', message: text };
  throw new CallError(`Error from server (${reason}): ${message}`);
}
