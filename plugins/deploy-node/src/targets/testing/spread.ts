/** So many whole numbers of a range at most; always its first and its last. */
export function spread(from: number, to: number, most: number): number[] {
  const count = to - from + 1;
  if (count <= most) {
    return Array.from(
      { length: Math.max(count, 0) },
      (_, index) => from + index,
    );
  }
  return Array.from(
    { length: most },
    (_, index) => from + Math.round((index * (count - 1)) / (most - 1)),
  );
}
