/** Two things have one key, and one of them would be lost. */
export class DoubleKeyError extends Error {
  constructor(readonly where: string, readonly key: string) {
    super(`There are two of ${JSON.stringify(key)} in ${where}.`);
  }
}

/** Things by their keys. Throws if two have one key, and one of them would be lost. GitHub ignores the case of keys. */
export function keyed<Value>(
  where: string,
  entries: readonly (readonly [string, Value])[],
): Record<string, Value> {
  const seen = new Set<string>();
  for (const [key] of entries) {
    if (seen.has(key.toLowerCase())) {
      throw new DoubleKeyError(where, key);
    }
    seen.add(key.toLowerCase());
  }
  return Object.fromEntries(entries);
}

/** What each thing is called: by its short name where no other one has it, else by its long one. */
export function calledApart<Item>(
  items: readonly Item[],
  shortOf: (item: Item) => string,
  longOf: (item: Item) => string,
): Map<Item, string> {
  const isAlone = (item: Item) =>
    items.every(
      other =>
        other === item ||
        shortOf(other).toLowerCase() !== shortOf(item).toLowerCase(),
    );
  return new Map(
    items.map(item => [item, isAlone(item) ? shortOf(item) : longOf(item)]),
  );
}
