/** Bound of what is read back, so that `1-9007199254740991` does not fill the memory. */
const MAX_LINES = 10_000_000;

/**
 * Writes line numbers as sorted ranges: `[7, 1, 2, 3, 3]` becomes `1-3,7`. Nothing becomes an empty
 * text.
 *
 * @param lines - Positive integers, in any order, more than once if need be.
 * @public
 */
export function encodeLines(lines: readonly number[]): string {
  const sorted = isAscending(lines) ? lines : [...lines].sort((a, b) => a - b);
  const parts: string[] = [];
  let index = 0;
  while (index < sorted.length) {
    const first = sorted[index];
    let last = first;
    while (index < sorted.length && sorted[index] <= last + 1) {
      last = sorted[index];
      index += 1;
    }
    parts.push(first === last ? String(first) : `${first}-${last}`);
  }
  return parts.join(',');
}

/**
 * Reads what {@link encodeLines} wrote: sorted, each line once.
 *
 * @throws Error if the text is something else; it comes from our own store, so this is no input error.
 * @public
 */
export function decodeLines(ranges: string): number[] {
  const lines: number[] = [];
  if (ranges === '') {
    return lines;
  }
  let previous = 0;
  for (const range of ranges.split(',')) {
    const match = /^([1-9]\d{0,8})(?:-([1-9]\d{0,8}))?$/.exec(range);
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    if (
      !match ||
      first <= previous ||
      last < first ||
      lines.length + last - first >= MAX_LINES
    ) {
      throw new Error(`Not a list of line ranges: '${ranges.slice(0, 100)}'`);
    }
    for (let line = first; line <= last; line += 1) {
      lines.push(line);
    }
    previous = last;
  }
  return lines;
}

function isAscending(lines: readonly number[]): boolean {
  for (let index = 1; index < lines.length; index += 1) {
    if (lines[index] < lines[index - 1]) {
      return false;
    }
  }
  return true;
}
