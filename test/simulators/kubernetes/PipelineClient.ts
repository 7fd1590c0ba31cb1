import { setTimeout as pause } from 'node:timers/promises';
import type { KubeObject } from './api/objects';

/** What a pipeline with kubectl does, by plain HTTP and without any of the plugin's code. */
export class PipelineClient {
  readonly #url: string;
  readonly #token: string;
  readonly #namespace: string;

  constructor(url: string, token: string, namespace: string) {
    this.#url = url;
    this.#token = token;
    this.#namespace = namespace;
  }

  create(kind: string, manifest: object): Promise<KubeObject> {
    return this.#send('POST', kind, '', manifest);
  }

  get(kind: string, name: string): Promise<KubeObject> {
    return this.#send('GET', kind, `/${name}`);
  }

  async list(kind: string, selector = ''): Promise<KubeObject[]> {
    const query = selector
      ? `?labelSelector=${encodeURIComponent(selector)}`
      : '';
    const { items } = await this.#send('GET', kind, query);
    return items;
  }

  patch(
    kind: string,
    name: string,
    patch: object,
    type = 'strategic-merge-patch',
  ): Promise<KubeObject> {
    return this.#send(
      'PATCH',
      kind,
      `/${name}`,
      patch,
      `application/${type}+json`,
    );
  }

  /** As `kubectl set image`. */
  setImage(kind: string, name: string, image: string): Promise<KubeObject> {
    return this.patch(kind, name, {
      spec: { template: { spec: { containers: [{ name: 'app', image }] } } },
    });
  }

  /** Waits until the workload is as wanted. */
  async until(
    kind: string,
    name: string,
    isWanted: (object: KubeObject) => boolean,
  ): Promise<KubeObject> {
    for (;;) {
      const object = await this.get(kind, name);
      if (isWanted(object)) return object;
      await pause(2);
    }
  }

  /** Waits until all that the workload asks for is in place. */
  untilRolledOut(kind: string, name: string): Promise<KubeObject> {
    return this.until(kind, name, isRolledOut);
  }

  async #send(
    method: string,
    kind: string,
    rest: string,
    body?: object,
    contentType = 'application/json',
  ): Promise<any> {
    const root = ['pods', 'events'].includes(kind) ? 'api/v1' : 'apis/apps/v1';
    const response = await fetch(
      `${this.#url}/${root}/namespaces/${this.#namespace}/${kind}${rest}`,
      {
        method,
        headers: {
          authorization: `Bearer ${this.#token}`,
          'content-type': contentType,
        },
        ...(body && { body: JSON.stringify(body) }),
      },
    );
    const answer = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer;
  }
}

/** Whether nothing is left to do, read from the counts that each kind keeps. */
export function isRolledOut({ metadata, spec, status }: KubeObject): boolean {
  if (status.observedGeneration !== metadata.generation) return false;
  if (status.desiredNumberScheduled !== undefined) {
    const wanted = status.desiredNumberScheduled;
    return (
      status.updatedNumberScheduled === wanted &&
      status.numberAvailable === wanted
    );
  }
  return (
    status.replicas === spec.replicas &&
    status.updatedReplicas === spec.replicas &&
    status.readyReplicas === spec.replicas &&
    status.updateRevision === status.currentRevision
  );
}
