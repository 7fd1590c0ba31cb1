import { randomUUID } from 'node:crypto';
import { alreadyExists, conflict, notFound } from './ApiError';
import {
  clone,
  isEqual,
  KubeObject,
  Meta,
  Resource,
  resourceOf,
} from './objects';

/** All objects of the cluster. Every change gets the next resource version, and none is lost to another. */
export class Store {
  readonly #objects = new Map<string, KubeObject>();
  #version = 100;

  get version(): string {
    return String(this.#version);
  }

  list(kind: string, namespace?: string): KubeObject[] {
    const prefix = `${kind}/`;
    return [...this.#objects.entries()]
      .filter(
        ([key, object]) =>
          key.startsWith(prefix) &&
          (namespace === undefined || object.metadata.namespace === namespace),
      )
      .map(([, object]) => clone(object))
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  }

  find(kind: string, namespace: string, name: string): KubeObject | undefined {
    return clone(this.#objects.get(keyOf(kind, namespace, name)));
  }

  get(kind: string, namespace: string, name: string): KubeObject {
    const found = this.find(kind, namespace, name);
    if (!found) {
      const resource = resourceOf(kind);
      throw notFound(resource.name, groupOf(resource), name);
    }
    return found;
  }

  create(
    object: Omit<KubeObject, 'metadata'> & {
      metadata: Partial<Meta> & { name: string; namespace: string };
    },
  ): KubeObject {
    const { kind, metadata } = object;
    const key = keyOf(kind, metadata.namespace, metadata.name);
    const resource = resourceOf(kind);
    if (this.#objects.has(key)) {
      throw alreadyExists(resource.name, groupOf(resource), metadata.name);
    }
    const created = clone({
      ...object,
      metadata: {
        ...metadata,
        uid: randomUUID(),
        resourceVersion: this.#next(),
        creationTimestamp: now(),
        ...(object.spec && kind !== 'Pod' && { generation: 1 }),
      },
    }) as KubeObject;
    this.#objects.set(key, created);
    return clone(created);
  }

  /** Refuses what was read before the last change; what changes nothing gets no new version. */
  update(object: KubeObject): KubeObject {
    const { kind, metadata } = object;
    const key = keyOf(kind, metadata.namespace, metadata.name);
    const before = this.#objects.get(key);
    const resource = resourceOf(kind);
    if (!before || before.metadata.uid !== metadata.uid) {
      throw notFound(resource.name, groupOf(resource), metadata.name);
    }
    if (before.metadata.resourceVersion !== metadata.resourceVersion) {
      throw conflict(resource.name, groupOf(resource), metadata.name);
    }
    if (isEqual(before, object)) {
      return clone(before);
    }
    const after = clone(object);
    after.metadata.resourceVersion = this.#next();
    if (before.metadata.generation !== undefined) {
      const isSame = isEqual(before.spec, after.spec);
      after.metadata.generation = before.metadata.generation + (isSame ? 0 : 1);
    }
    this.#objects.set(key, after);
    return clone(after);
  }

  remove(object: KubeObject): void {
    const { kind, metadata } = object;
    this.#objects.delete(keyOf(kind, metadata.namespace, metadata.name));
    this.#version += 1;
  }

  #next(): string {
    this.#version += 1;
    return String(this.#version);
  }
}

export function groupOf(resource: Resource): string {
  return resource.apiVersion === 'v1' ? '' : resource.apiVersion.split('/')[0];
}

/** The API server keeps whole seconds. */
export function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}

function keyOf(kind: string, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}
