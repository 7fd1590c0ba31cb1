/** Things by their keys. Throws if two have one key, and one of them would be lost. GitHub ignores the case of keys. */
export function keyed<Value>(
  where: string,
  entries: readonly (readonly [string, Value])[],
): Record<string, Value> {
  const seen = new Set<string>();
  for (const [key] of entries) {
    if (seen.has(key.toLowerCase())) {
      throw new Error(`There are two of ${JSON.stringify(key)} in ${where}.`);
    }
    seen.add(key.toLowerCase());
  }
  return Object.fromEntries(entries);
}
