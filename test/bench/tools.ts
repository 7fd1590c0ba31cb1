/** Runs work on items, so many at a time; gives each one's time in milliseconds. */
export async function runAll<T>(
  items: readonly T[],
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<number[]> {
  const times: number[] = [];
  const queue = items[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      // Every worker draws from the same iterator.
      for (const item of { [Symbol.iterator]: () => queue }) {
        const start = performance.now();
        await work(item);
        times.push(performance.now() - start);
      }
    }),
  );
  return times;
}

/** The value below which that part of the values lies. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

/** How long work takes, in seconds. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
