type Token = string | typeof ANY | typeof ANY_IN_SEGMENT;

const ANY = Symbol('any text');
const ANY_IN_SEGMENT = Symbol('any text but a slash');

function tokenize(glob: string, options: { segments: boolean }): Token[] {
  const tokens: Token[] = [];
  for (let index = 0; index < glob.length; index += 1) {
    if (glob[index] !== '*') {
      tokens.push(glob[index]);
    } else if (glob[index + 1] === '*') {
      tokens.push(ANY);
      index += 1;
    } else {
      tokens.push(options.segments ? ANY_IN_SEGMENT : ANY);
    }
  }
  return tokens;
}

function covers(token: Token, character: Token): boolean {
  if (token === ANY) return true;
  return token === ANY_IN_SEGMENT && character !== '/';
}

/** Whether some text matches both; by table, so that no pattern costs more than its length times the other's. */
function overlap(left: Token[], right: Token[]): boolean {
  let row: boolean[] = [true];
  for (let j = 1; j <= right.length; j += 1) {
    row[j] = row[j - 1] && typeof right[j - 1] === 'symbol';
  }
  for (let i = 1; i <= left.length; i += 1) {
    const a = left[i - 1];
    const next: boolean[] = [row[0] && typeof a === 'symbol'];
    for (let j = 1; j <= right.length; j += 1) {
      const b = right[j - 1];
      const same = a === b && row[j - 1];
      // A wildcard stands for nothing, or for what the other side has here.
      const leftTakes =
        typeof a === 'symbol' && (row[j] || (next[j - 1] && covers(a, b)));
      const rightTakes =
        typeof b === 'symbol' && (next[j - 1] || (row[j] && covers(b, a)));
      next[j] = same || leftTakes || rightTakes;
    }
    row = next;
  }
  return row[right.length];
}

/** Whether one name can match both patterns. */
export function namesOverlap(left: string, right: string): boolean {
  const segments = { segments: false };
  return overlap(tokenize(left, segments), tokenize(right, segments));
}

/** Whether a wildcard takes all that a character or another wildcard stands for. */
function absorbs(token: Token, other: Token): boolean {
  return token === ANY || (other !== ANY && other !== '/');
}

/** Whether a glob is sure to match all that another one matches. */
export function refWithin(inner: string, outer: string): boolean {
  const tokens = tokenize(outer, { segments: true });
  let row: boolean[] = [true];
  for (let j = 1; j <= tokens.length; j += 1) {
    row[j] = row[j - 1] && typeof tokens[j - 1] === 'symbol';
  }
  for (const a of tokenize(inner, { segments: true })) {
    const next: boolean[] = [false];
    for (let j = 1; j <= tokens.length; j += 1) {
      const b = tokens[j - 1];
      next[j] =
        (a === b && row[j - 1]) ||
        (typeof b === 'symbol' && (next[j - 1] || (row[j] && absorbs(b, a))));
    }
    row = next;
  }
  return row[tokens.length];
}

/**
 * Globs of what both lists let in, as far as one of two is sure to be within the other: never more than
 * both let in.
 */
export function commonRefs(
  left: readonly string[],
  right: readonly string[],
): string[] {
  const kept = [
    ...left.filter(glob => right.some(other => refWithin(glob, other))),
    ...right.filter(glob => left.some(other => refWithin(glob, other))),
  ];
  return [...new Set(kept)];
}

/** Whether one branch or tag can match both globs. */
export function refsOverlap(left: string, right: string): boolean {
  const segments = { segments: true };
  return overlap(tokenize(left, segments), tokenize(right, segments));
}
