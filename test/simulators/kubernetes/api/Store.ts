import { randomUUID } from 'node:crypto';
import { alreadyExists, conflict, notFound } from './ApiError';
import {
  freeze,
  isEqual,
  KubeObject,
  Meta,
  Resource,
  resourceOf,
} from './objects';

/**
 * All objects of the cluster. Every change gets the next resource version, and none is lost to another.
 * What is put in is frozen, so that it is given out as it is.
 */
export class Store {
  /** By kind, then by namespace and name. */
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  #version = 100;

  get version(): string {
    return String(this.#version);
  }

  list(kind: string, namespace?: string): KubeObject[] {
    return [...this.#of(kind).values()]
      .filter(
        ({ metadata }) =>
          namespace === undefined || metadata.namespace === namespace,
      )
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  }

  find(kind: string, namespace: string, name: string): KubeObject | undefined {
    return this.#of(kind).get(keyOf(namespace, name));
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
    const resource = resourceOf(kind);
    if (this.find(kind, metadata.namespace, metadata.name)) {
      throw alreadyExists(resource.name, groupOf(resource), metadata.name);
    }
    return this.#put({
      ...object,
      apiVersion: object.apiVersion,
      kind,
      metadata: {
        ...metadata,
        uid: randomUUID(),
        resourceVersion: this.#next(),
        creationTimestamp: now(),
        ...(object.spec && kind !== 'Pod' && { generation: 1 }),
      },
    });
  }

  /** Refuses what was read before the last change; what changes nothing gets no new version. */
  update(object: KubeObject): KubeObject {
    const { kind, metadata } = object;
    const before = this.find(kind, metadata.namespace, metadata.name);
    const resource = resourceOf(kind);
    if (!before || before.metadata.uid !== metadata.uid) {
      throw notFound(resource.name, groupOf(resource), metadata.name);
    }
    if (before.metadata.resourceVersion !== metadata.resourceVersion) {
      throw conflict(resource.name, groupOf(resource), metadata.name);
    }
    if (isEqual(before, object)) {
      return before;
    }
    const { generation } = before.metadata;
    const isSame = isEqual(before.spec, object.spec);
    return this.#put({
      ...object,
      metadata: {
        ...metadata,
        resourceVersion: this.#next(),
        ...(generation !== undefined && {
          generation: generation + (isSame ? 0 : 1),
        }),
      },
    });
  }

  remove(object: KubeObject): void {
    const { kind, metadata } = object;
    this.#of(kind).delete(keyOf(metadata.namespace, metadata.name));
    this.#version += 1;
  }

  #of(kind: string): Map<string, KubeObject> {
    const known = this.#objects.get(kind);
    if (known) return known;
    const none = new Map<string, KubeObject>();
    this.#objects.set(kind, none);
    return none;
  }

  #put(object: KubeObject): KubeObject {
    const { namespace, name } = object.metadata;
    this.#of(object.kind).set(keyOf(namespace, name), freeze(object));
    return object;
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

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
