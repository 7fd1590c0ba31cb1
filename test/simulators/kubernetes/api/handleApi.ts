import { Cluster } from '../controllers/Cluster';
import { logOf } from '../controllers/pods';
import { ApiError, badRequest, conflict } from './ApiError';
import { applyDefaults } from './defaults';
import { clone, KubeObject, Resource, RESOURCES, Verb } from './objects';
import { applyPatch } from './patch';
import { fieldMatcher, labelMatcher } from './selectors';
import { groupOf, now } from './Store';
import { checkWorkload } from './checkWorkload';

/** A request, as the server read it. */
export interface ApiRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  contentType: string;
  body: string;
}

/** What the path and method ask for. */
export interface Route {
  resource: Resource;
  namespace: string;
  name?: string;
  verb: Verb;
  subresource?: 'log';
  /** As the API description names the path. */
  template: string;
}

export interface ApiAnswer {
  code: number;
  /** JSON, or the text of a log. */
  body: unknown;
}

const PATH =
  /^\/(api\/v1|apis\/apps\/v1)\/namespaces\/([^/]+)\/([^/]+)(?:\/([^/]+)(?:\/(log))?)?$/;

/** `undefined` for what is not simulated. */
export function routeOf(request: ApiRequest): Route | undefined {
  const match = PATH.exec(request.path);
  if (!match) return undefined;
  const [, root, namespace, plural, name, sub] = match;
  const resource = RESOURCES.find(
    candidate =>
      candidate.name === plural && root.endsWith(candidate.apiVersion),
  );
  const verb = verbOf(request.method, name !== undefined);
  if (
    !resource ||
    !verb ||
    !resource.verbs.includes(verb) ||
    (sub && (plural !== 'pods' || verb !== 'get')) ||
    request.query.has('watch')
  ) {
    return undefined;
  }
  const base = `/${root}/namespaces/{namespace}/${plural}`;
  return {
    resource,
    namespace,
    name: name && decodeURIComponent(name),
    verb,
    ...(sub && { subresource: 'log' as const }),
    template: `${base}${name ? '/{name}' : ''}${sub ? '/log' : ''}`,
  };
}

function verbOf(method: string, isNamed: boolean): Verb | undefined {
  switch (method) {
    case 'GET':
      return isNamed ? 'get' : 'list';
    case 'POST':
      return isNamed ? undefined : 'create';
    case 'PUT':
      return isNamed ? 'update' : undefined;
    case 'PATCH':
      return isNamed ? 'patch' : undefined;
    case 'DELETE':
      return isNamed ? 'delete' : undefined;
    default:
      return undefined;
  }
}

/** Does what is asked, or throws an ApiError. */
export function handleApi(
  cluster: Cluster,
  route: Route,
  request: ApiRequest,
): ApiAnswer {
  const { resource, namespace, name = '', verb } = route;
  if (route.subresource === 'log') {
    return { code: 200, body: readLog(cluster, route, request) };
  }
  switch (verb) {
    case 'list':
      return { code: 200, body: list(cluster, route, request.query) };
    case 'get':
      return {
        code: 200,
        body: shown(cluster.store.get(resource.kind, namespace, name)),
      };
    case 'create':
      return { code: 201, body: create(cluster, route, request) };
    case 'delete':
      return { code: 200, body: remove(cluster, route, request) };
    default:
      return { code: 200, body: change(cluster, route, request) };
  }
}

/** What the simulator keeps for itself is not shown. */
function shown(object: KubeObject): KubeObject {
  const { simulated: _own, ...rest } = object;
  return rest as KubeObject;
}

function parse(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('the object provided is unrecognized');
  }
}

function create(cluster: Cluster, route: Route, request: ApiRequest) {
  const body = parse(request.body);
  const { kind, apiVersion } = route.resource;
  if (body.kind !== kind || body.apiVersion !== apiVersion) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind})`,
    );
  }
  const object: KubeObject = {
    ...body,
    metadata: { ...body.metadata, namespace: route.namespace },
    status: emptyStatus(kind),
  };
  applyDefaults(object);
  checkWorkload(object);
  return shown(cluster.store.create(object));
}

function emptyStatus(kind: string): unknown {
  switch (kind) {
    case 'StatefulSet':
      return { replicas: 0 };
    case 'DaemonSet':
      return {
        currentNumberScheduled: 0,
        desiredNumberScheduled: 0,
        numberMisscheduled: 0,
        numberReady: 0,
      };
    default:
      return {};
  }
}

function change(cluster: Cluster, route: Route, request: ApiRequest) {
  const { resource, namespace, name = '' } = route;
  const before = cluster.store.get(resource.kind, namespace, name);
  const after = (
    route.verb === 'patch'
      ? applyPatch(request.contentType, clone(before), parse(request.body))
      : parse(request.body)
  ) as KubeObject;
  if (!after?.metadata || after.metadata.name !== name) {
    throw badRequest(
      `the name of the object does not match the name on the URL (${name})`,
    );
  }
  const version = after.metadata.resourceVersion;
  if (version && version !== before.metadata.resourceVersion) {
    throw conflict(resource.name, groupOf(resource), name);
  }
  const { uid, creationTimestamp, generation } = before.metadata;
  const object: KubeObject = {
    ...after,
    metadata: {
      ...after.metadata,
      namespace,
      uid,
      creationTimestamp,
      generation,
      resourceVersion: before.metadata.resourceVersion,
    },
    // Only the subresource changes it.
    status: before.status,
  };
  applyDefaults(object);
  checkWorkload(object, before);
  return shown(cluster.store.update(object));
}

function list(cluster: Cluster, route: Route, query: URLSearchParams) {
  const { kind, apiVersion } = route.resource;
  const matchesLabels = labelMatcher(query.get('labelSelector') ?? undefined);
  const matchesFields = fieldMatcher(
    kind,
    query.get('fieldSelector') ?? undefined,
  );
  const all = cluster.store
    .list(kind, route.namespace)
    .filter(object => matchesLabels(object) && matchesFields(object));
  const limit = Number(query.get('limit') ?? 0) || all.length;
  const from = readContinue(query.get('continue'));
  const next = from + limit < all.length;
  return {
    kind: `${kind}List`,
    apiVersion,
    metadata: {
      resourceVersion: cluster.store.version,
      ...(next && {
        continue: Buffer.from(String(from + limit)).toString('base64'),
        remainingItemCount: all.length - from - limit,
      }),
    },
    // As the API server does, without kind and version.
    items: all.slice(from, from + limit).map(object => {
      const { kind: _kind, apiVersion: _version, ...rest } = shown(object);
      return rest;
    }),
  };
}

function readContinue(token: string | null): number {
  if (!token) return 0;
  const from = Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(from)) {
    throw badRequest('continue key is not valid');
  }
  return from;
}

function remove(cluster: Cluster, route: Route, request: ApiRequest) {
  const { resource, namespace, name = '' } = route;
  const object = cluster.store.get(resource.kind, namespace, name);
  const uid = request.body ? parse(request.body).preconditions?.uid : undefined;
  if (uid && uid !== object.metadata.uid) {
    throw new ApiError(
      409,
      'Conflict',
      `Operation cannot be fulfilled on ${resource.name} "${name}": Precondition failed: UID in precondition: ${uid}, UID in object meta: ${object.metadata.uid}`,
      { name, kind: resource.name },
    );
  }
  cascade(cluster, object);
  if (resource.kind === 'Pod') {
    return shown({
      ...object,
      metadata: {
        ...object.metadata,
        deletionTimestamp: now(),
        deletionGracePeriodSeconds: 30,
      },
    });
  }
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name,
      group: groupOf(resource),
      kind: resource.name,
      uid: object.metadata.uid,
    },
  };
}

/** The garbage collector. */
function cascade(cluster: Cluster, object: KubeObject): void {
  cluster.store.remove(object);
  for (const { kind } of RESOURCES) {
    for (const other of cluster.store.list(kind, object.metadata.namespace)) {
      const owners = other.metadata.ownerReferences ?? [];
      if (owners.some(({ uid }) => uid === object.metadata.uid)) {
        cascade(cluster, other);
      }
    }
  }
}

function readLog(cluster: Cluster, route: Route, request: ApiRequest): string {
  const { namespace, name = '' } = route;
  const pod = cluster.store.get('Pod', namespace, name);
  const names = pod.spec.containers.map((item: any) => item.name);
  const container = request.query.get('container') ?? names[0];
  if (!names.includes(container)) {
    throw badRequest(`container ${container} is not valid for pod ${name}`);
  }
  const status = (pod.status.containerStatuses ?? []).find(
    (item: any) => item.name === container,
  );
  const isPrevious = request.query.get('previous') === 'true';
  if (isPrevious && !status?.lastState?.terminated) {
    throw badRequest(
      `previous terminated container "${container}" in pod "${name}" not found`,
    );
  }
  if (!status || status.imageID === '') {
    throw badRequest(
      `container "${container}" in pod "${name}" is waiting to start: ${
        status?.state?.waiting?.reason ?? 'ContainerCreating'
      }`,
    );
  }
  const isStamped = request.query.get('timestamps') === 'true';
  const lines = logOf(cluster, pod).map(({ at, text }) =>
    isStamped ? `${at} ${text}` : text,
  );
  const tail = Number(request.query.get('tailLines') ?? lines.length);
  const text = `${lines.slice(-tail).join('\n')}\n`;
  return text.slice(0, Number(request.query.get('limitBytes') ?? text.length));
}
