import { badRequest } from './ApiError';
import { KubeObject } from './objects';

/** A `labelSelector` parameter: `a=b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`. */
export function labelMatcher(
  selector: string | undefined,
): (object: KubeObject) => boolean {
  const terms = (selector ?? '').match(/[^,(]+(\([^)]*\))?/g) ?? [];
  const tests = terms.map(term => labelTest(term.trim()));
  return object => tests.every(test => test(object.metadata.labels ?? {}));
}

function labelTest(term: string): (labels: Record<string, string>) => boolean {
  const set = /^(\S+) (in|notin) \(([^)]*)\)$/.exec(term);
  if (set) {
    const [, key, operator, list] = set;
    const values = list.split(',').map(value => value.trim());
    return labels => values.includes(labels[key]) === (operator === 'in');
  }
  const equality = /^([^=!\s]+)(!=|==|=)([^=!\s]*)$/.exec(term);
  if (equality) {
    const [, key, operator, value] = equality;
    return labels => (labels[key] === value) === (operator !== '!=');
  }
  if (/^!?[^=!\s()]+$/.test(term)) {
    const key = term.replace(/^!/, '');
    return labels => key in labels === !term.startsWith('!');
  }
  throw badRequest(`unable to parse requirement: ${term}`);
}

const EVENT_FIELDS = [
  'involvedObject.kind',
  'involvedObject.name',
  'involvedObject.namespace',
  'involvedObject.uid',
  'type',
  'reason',
];

/** A `fieldSelector` parameter, as far as the kind has fields to select by. */
export function fieldMatcher(
  kind: string,
  selector: string | undefined,
): (object: KubeObject) => boolean {
  const known = [
    'metadata.name',
    'metadata.namespace',
    ...(kind === 'Event' ? EVENT_FIELDS : []),
    ...(kind === 'Pod' ? ['status.phase', 'spec.nodeName'] : []),
  ];
  const tests = (selector ?? '')
    .split(',')
    .filter(Boolean)
    .map(term => {
      const [path, value] = term.split(/==?/);
      if (!known.includes(path)) {
        throw badRequest(
          `Unable to find "${kind}" that match label selector "", field selector "${selector}": field label not supported: ${path}`,
        );
      }
      return { keys: path.split('.'), value };
    });
  return object =>
    tests.every(
      ({ keys, value }) =>
        keys.reduce((inner: any, key) => inner?.[key], object) === value,
    );
}
