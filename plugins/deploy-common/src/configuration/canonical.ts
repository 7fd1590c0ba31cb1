/** Lists in which the order says nothing. */
const sets: ReadonlySet<string> = new Set([
  'approvals',
  'branches',
  'categories',
  'from',
  'include',
  'platforms',
  'statuses',
  'tags',
]);

/** The same text for what means the same: the order of keys says nothing, nor that of some lists. */
export function canonical(value: unknown, key = ''): string {
  if (Array.isArray(value)) {
    const items = value.map(item => canonical(item));
    return `[${(sets.has(key) ? items.sort() : items).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(
        ([name, item]) => `${JSON.stringify(name)}:${canonical(item, name)}`,
      );
    return `{${entries.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
