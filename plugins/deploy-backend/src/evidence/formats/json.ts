/** What stands at the end of these keys; undefined where any is missing. */
export function dig(value: unknown, ...keys: (string | number)[]): unknown {
  return keys.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null
        ? (at as Record<string | number, unknown>)[key]
        : undefined,
    value,
  );
}

/** A text that is not empty, else undefined. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** The list, or an empty one where none is. */
export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
