const escapes: Record<string, number> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  '\\': 92,
};

/** A quoted name, from its first quote to its last. */
const QUOTED = /^"(?:[^"\\]|\\.)*"/;

/**
 * The paths that a file of a `git diff` has before and after, from the lines before its first hunk, the
 * first being `diff --git ...`. Undefined if they cannot be told.
 *
 * Source: https://git-scm.com/docs/diff-generate-patch
 */
export function diffPaths(
  header: readonly string[],
): { path: string; previousPath?: string } | undefined {
  const field = (name: string) => {
    const line = header.find(one => one.startsWith(name));
    return line && unquote(line.slice(name.length));
  };
  const from = field('rename from ');
  const to = field('rename to ');
  if (from && to) {
    return { path: to, previousPath: from };
  }
  const path =
    sideOf(field('+++ ')) ??
    sideOf(field('--- ')) ??
    field('copy to ') ??
    // A binary, an empty file, or another mode: the name is there twice.
    twiceIn(header[0].slice('diff --git '.length));
  return path ? { path } : undefined;
}

/** `b/name`, without its side; nothing for a file that is not there on this side. */
function sideOf(name: string | undefined): string | undefined {
  return name && /^[ab]\//.test(name) ? name.slice(2) : undefined;
}

/** The name in `a/name b/name`, which may have spaces. */
function twiceIn(names: string): string | undefined {
  const quoted = QUOTED.exec(names);
  if (quoted) {
    return sideOf(unquote(quoted[0]));
  }
  const length = (names.length - 1) / 2;
  const name = names.slice(2, length);
  return names === `a/${name} b/${name}` ? name : undefined;
}

/** Git puts names with quotes, control or other than ASCII characters in quotes, byte by byte. */
function unquote(text: string): string {
  const quoted = QUOTED.exec(text);
  if (!quoted) {
    // Git ends a name that has spaces with a tab.
    return text.replace(/\t$/, '');
  }
  const bytes: Buffer[] = [];
  for (const [, octal, escaped, plain] of quoted[0]
    .slice(1, -1)
    .matchAll(/\\([0-3][0-7]{2})|\\(.)|([^\\]+)/gs)) {
    if (octal) {
      bytes.push(Buffer.from([parseInt(octal, 8)]));
    } else if (escaped) {
      bytes.push(Buffer.from([escapes[escaped] ?? escaped.charCodeAt(0)]));
    } else {
      bytes.push(Buffer.from(plain));
    }
  }
  return Buffer.concat(bytes).toString('utf8');
}
