import { Meta, KubeObject, OwnerReference } from '../api/objects';
import { now, Store } from '../api/Store';

/** How the pods of an image end up. */
export type Fate =
  | 'ready'
  | 'crash'
  | 'never-pull'
  | 'unready'
  | 'unschedulable'
  | 'no-config';

/** A line of a log. */
export interface LogLine {
  /** RFC 3339. */
  at: string;
  text: string;
}

export interface ClusterOptions {
  nodes: string[];
  /** Milliseconds from the creation of a pod to its being ready, or failing. */
  startMs: number;
  /** Simulated seconds in a real one: deadlines pass so much faster. */
  timeScale: number;
}

/** The controllers look more often than this. */
const LONGEST_GAP_MS = 50;

/** What the controllers work on, and what decides about pods. */
export class Cluster {
  readonly store = new Store();
  readonly options: ClusterOptions;
  readonly fates = new Map<string, Fate>();
  /** What containers wrote, by name of the pod, in place of what they write by themselves. */
  readonly logs = new Map<string, LogLine[]>();
  /** Pods that do not come up as long as this says so. */
  holdsBack: (pod: KubeObject) => boolean = () => false;
  /** Most pods by namespace. */
  readonly quotas = new Map<string, number>();
  readonly #still = new Map<
    string,
    { state: string; at: number; ms: number }
  >();
  #sequence = 0;

  constructor(options: Partial<ClusterOptions> = {}) {
    this.options = {
      nodes: ['node-a', 'node-b'],
      startMs: 15,
      timeScale: 1,
      ...options,
    };
  }

  fateOf(image: string): Fate {
    return this.fates.get(image) ?? 'ready';
  }

  /**
   * How many milliseconds something has been in a state, as far as it was looked at: a machine that stands still
   * uses up no deadline.
   */
  stillFor(name: string, state: string): number {
    const at = Date.now();
    const before = this.#still.get(name);
    const ms =
      before?.state === state
        ? before.ms + Math.min(at - before.at, LONGEST_GAP_MS)
        : 0;
    this.#still.set(name, { state, at, ms });
    return ms;
  }

  /** Counts up: creation times are whole seconds, which tell too little. */
  nextOrder(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  /** Five characters that no other object has had, in the alphabet of generated names. */
  suffix(): string {
    this.#sequence += 1;
    const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
    let rest = this.#sequence * 7919;
    let text = '';
    for (let index = 0; index < 5; index += 1) {
      text += alphabet[rest % alphabet.length];
      rest = Math.floor(rest / alphabet.length);
    }
    return text;
  }

  event(
    object: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): void {
    const { namespace, name, uid } = object.metadata;
    const same = this.store
      .list('Event', namespace)
      .find(
        event =>
          event.involvedObject.uid === uid &&
          event.reason === reason &&
          event.message === message,
      );
    if (same) {
      this.store.update({
        ...same,
        count: same.count + 1,
        lastTimestamp: now(),
      });
      return;
    }
    const at = now();
    this.store.create({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.${this.suffix()}`, namespace },
      involvedObject: {
        kind: object.kind,
        namespace,
        name,
        uid,
        apiVersion: object.apiVersion,
        resourceVersion: object.metadata.resourceVersion,
      },
      reason,
      message,
      source: { component: 'simulator' },
      firstTimestamp: at,
      lastTimestamp: at,
      count: 1,
      type,
      eventTime: null,
      reportingComponent: '',
      reportingInstance: '',
    });
  }
}

export function ownerReference(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

export function isOwnedBy(object: { metadata: Meta }, owner: KubeObject) {
  return (object.metadata.ownerReferences ?? []).some(
    ({ uid }) => uid === owner.metadata.uid,
  );
}

export function isReady(pod: KubeObject): boolean {
  return (
    !pod.metadata.deletionTimestamp &&
    (pod.status?.conditions ?? []).some(
      (condition: any) =>
        condition.type === 'Ready' && condition.status === 'True',
    )
  );
}

/** `25%` of a number, or the number itself. */
export function share(
  value: number | string,
  of: number,
  round: 'up' | 'down',
): number {
  if (typeof value === 'number') return value;
  const exact = (parseInt(value, 10) * of) / 100;
  return round === 'up' ? Math.ceil(exact) : Math.floor(exact);
}

/** A hash of a template, in the alphabet that is safe in names. */
export function hashOf(value: unknown, collisions = 0): string {
  const text = JSON.stringify(value) + collisions;
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  return String(hash).replace(/\d/g, digit => alphabet[Number(digit)]);
}
