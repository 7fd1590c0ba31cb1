import { ApiError } from './ApiError';
import { clone } from './objects';

/** What a patch of this content type makes of an object. */
export function applyPatch(
  contentType: string,
  object: unknown,
  body: unknown,
): unknown {
  switch (contentType) {
    case 'application/json-patch+json':
      return jsonPatch(object, body);
    case 'application/merge-patch+json':
      return mergePatch(object, body, false);
    case 'application/strategic-merge-patch+json':
      return mergePatch(object, body, true);
    default:
      throw new ApiError(
        415,
        'UnsupportedMediaType',
        '415: Unsupported Media Type',
        {},
      );
  }
}

function refused(): ApiError {
  return new ApiError(
    422,
    'Invalid',
    'the server rejected our request due to an error in our request',
    {},
  );
}

/** RFC 6902: add, replace, remove, test. */
function jsonPatch(object: unknown, body: unknown): unknown {
  if (!Array.isArray(body)) {
    throw new ApiError(
      400,
      'BadRequest',
      `json: cannot unmarshal object into Go value of type jsonpatch.Patch`,
    );
  }
  const root = { document: clone(object) };
  for (const operation of body) {
    applyOne(root, operation);
  }
  return root.document;
}

function applyOne(
  root: { document: any },
  operation: { op?: string; path?: string; value?: unknown },
): void {
  const { op, path, value } = operation;
  if (typeof path !== 'string' || !path.startsWith('/')) {
    throw refused();
  }
  const keys = path
    .slice(1)
    .split('/')
    .map(key => key.replace(/~1/g, '/').replace(/~0/g, '~'));
  const last = keys.pop() as string;
  const parent = keys.reduce((inner: any, key) => inner?.[key], root.document);
  if (typeof parent !== 'object' || parent === null) {
    throw refused();
  }
  const exists = Object.prototype.hasOwnProperty.call(parent, last);
  if (op === 'test') {
    if (JSON.stringify(parent[last]) !== JSON.stringify(value)) {
      throw refused();
    }
  } else if (op === 'remove' && exists) {
    if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else delete parent[last];
  } else if (op === 'add' && Array.isArray(parent)) {
    parent.splice(last === '-' ? parent.length : Number(last), 0, value);
  } else if (op === 'add' || (op === 'replace' && exists)) {
    parent[last] = clone(value);
  } else {
    throw refused();
  }
}

/** RFC 7386; the strategic one merges lists of named things by name, which is all that is simulated of it. */
function mergePatch(object: any, patch: any, isStrategic: boolean): unknown {
  if (typeof patch !== 'object' || patch === null) {
    return clone(patch);
  }
  if (Array.isArray(patch)) {
    const isNamed =
      isStrategic &&
      Array.isArray(object) &&
      [...object, ...patch].every(item => typeof item?.name === 'string');
    return isNamed ? mergeNamed(object, patch) : clone(patch);
  }
  if (isStrategic && patch.$patch === 'replace') {
    const { $patch: _directive, ...replacement } = patch;
    return clone(replacement);
  }
  const merged: Record<string, unknown> =
    typeof object === 'object' && object !== null && !Array.isArray(object)
      ? { ...object }
      : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value, isStrategic);
  }
  return merged;
}

function mergeNamed(object: any[], patch: any[]): unknown[] {
  const merged = object.map(item => {
    const change = patch.find(({ name }) => name === item.name);
    return change ? mergePatch(item, change, true) : item;
  });
  const isNew = (change: any) =>
    object.every(item => item.name !== change.name);
  return [...merged, ...patch.filter(isNew)];
}
