/** Objects are kept as JSON, as an API server does; what is written is checked by the API description. */
export interface Meta {
  name: string;
  namespace: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller: boolean;
  blockOwnerDeletion: boolean;
}

/** Any object of the simulated cluster. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: Meta;
  // The API description tells what is in them; the simulator's controllers read what they need.
  spec?: any;
  status?: any;
  [field: string]: any;
}

export interface Resource {
  /** Plural, as in paths. */
  name: string;
  kind: string;
  apiVersion: 'v1' | 'apps/v1';
  /** What the API serves; controllers may do everything. */
  verbs: readonly Verb[];
}

export type Verb = 'get' | 'list' | 'create' | 'update' | 'patch' | 'delete';

const ALL: Verb[] = ['get', 'list', 'create', 'update', 'patch', 'delete'];

export const RESOURCES: readonly Resource[] = [
  {
    name: 'deployments',
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    verbs: ALL,
  },
  {
    name: 'statefulsets',
    kind: 'StatefulSet',
    apiVersion: 'apps/v1',
    verbs: ALL,
  },
  { name: 'daemonsets', kind: 'DaemonSet', apiVersion: 'apps/v1', verbs: ALL },
  {
    name: 'replicasets',
    kind: 'ReplicaSet',
    apiVersion: 'apps/v1',
    verbs: ['get', 'list'],
  },
  {
    name: 'controllerrevisions',
    kind: 'ControllerRevision',
    apiVersion: 'apps/v1',
    verbs: ['get', 'list'],
  },
  {
    name: 'pods',
    kind: 'Pod',
    apiVersion: 'v1',
    verbs: ['get', 'list', 'delete'],
  },
  { name: 'events', kind: 'Event', apiVersion: 'v1', verbs: ['get', 'list'] },
];

export function resourceOf(kind: string): Resource {
  const found = RESOURCES.find(resource => resource.kind === kind);
  if (!found) {
    throw new Error(`No resource of kind ${kind} is simulated.`);
  }
  return found;
}

export function clone<T>(value: T): T {
  return structuredClone(value);
}

/** Nobody can change it any more; what is frozen in it already is not gone through again. */
export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

/** Equal as the API server sees it: absent, `null` and empty are the same. */
export function isEqual(a: any, b: any): boolean {
  if (a === b) return true;
  if (isEmpty(a) || isEmpty(b)) return isEmpty(a) && isEmpty(b);
  if (typeof a !== 'object' || typeof b !== 'object') return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, index) => isEqual(item, b[index]))
    );
  }
  return (
    Object.keys(a).every(key => isEqual(a[key], b[key])) &&
    Object.keys(b).every(key => key in a || isEmpty(b[key]))
  );
}

function isEmpty(value: any): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'object') return false;
  return Array.isArray(value)
    ? value.length === 0
    : Object.values(value).every(isEmpty);
}
