const MAX_SHOWN = 60;

/** Text from a file as part of a message: short, on one line, without control characters. */
export function quote(text: string): string {
  const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return JSON.stringify(shown).replace(/[\u007f-\u009f\u2028\u2029]/g, '?');
}

/** Edits from one word to the other: a letter more, less, other, or swapped with its neighbour. */
function distance(left: string, right: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, i) => i);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const swapped =
        row > 1 &&
        column > 1 &&
        left[row - 1] === right[column - 2] &&
        left[row - 2] === right[column - 1];
      current.push(
        Math.min(
          previous[column - 1] + (same ? 0 : 1),
          previous[column] + 1,
          current[column - 1] + 1,
          swapped ? before[column - 2] + 1 : Infinity,
        ),
      );
    }
    before = previous;
    previous = current;
  }
  return previous[right.length];
}

/** The known word that was most likely meant. */
export function closest(
  word: string,
  known: readonly string[],
): string | undefined {
  if (word.length > MAX_SHOWN) {
    return undefined;
  }
  const lower = word.toLocaleLowerCase('en-US');
  const ranked = known
    .map(candidate => ({
      candidate,
      distance: distance(lower, candidate.toLocaleLowerCase('en-US')),
    }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  const allowed = Math.max(1, Math.floor(word.length * 0.4));
  return best && best.distance <= allowed ? best.candidate : undefined;
}

/** Whole sentences that name the known word that was meant, or all of them. */
export function suggest(word: string, known: readonly string[]): string {
  const meant = closest(word, known);
  if (meant !== undefined) {
    return `Did you mean ${quote(meant)}?`;
  }
  if (known.length === 0) {
    return 'Remove it.';
  }
  const shown = known.slice(0, 20).map(quote).join(', ');
  return `Known here: ${shown}${known.length > 20 ? ' and others' : ''}.`;
}
