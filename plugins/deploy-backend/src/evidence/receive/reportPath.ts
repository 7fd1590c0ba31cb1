/** A path as a report spells it, taken apart. */
export interface ReportPath {
  /**
   * - `absolute`: of the machine that it was measured on;
   * - `import`: begins with a host, as Go's packages do;
   * - `relative`: to a directory that the report may or may not name.
   */
  kind: 'absolute' | 'import' | 'relative';
  /** Without `.` and empty ones; `..` only where it leads out of what is known. */
  segments: string[];
}

/** Takes apart a path of Unix or Windows, or a `file:` URL. */
export function parseReportPath(path: string): ReportPath {
  const plain = path.replace(/^file:\/\//, '').replaceAll('\\', '/');
  const segments = normalise(plain.split('/'));
  if (plain.startsWith('/') || /^[A-Za-z]:\//.test(plain)) {
    return { kind: 'absolute', segments };
  }
  const isImport =
    segments.length > 2 && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(segments[0]);
  return { kind: isImport ? 'import' : 'relative', segments };
}

/** No file system has longer names; globs are not to be matched against what no file can be. */
const MAX_NAME = 255;

/** Whether a path names something that no file can be called. */
export function hasLongName(path: string): boolean {
  return parseReportPath(path).segments.some(name => name.length > MAX_NAME);
}

/** Puts a directory before segments; undefined if they lead out of it and of the repository. */
export function under(
  directory: string,
  segments: readonly string[],
): string | undefined {
  const joined = normalise([...directory.split('/'), ...segments]);
  return joined.length === 0 || joined[0] === '..'
    ? undefined
    : joined.join('/');
}

function normalise(segments: readonly string[]): string[] {
  const result: string[] = [];
  for (const segment of segments) {
    if (segment === '..' && result.length > 0 && result.at(-1) !== '..') {
      result.pop();
    } else if (segment !== '' && segment !== '.') {
      result.push(segment);
    }
  }
  return result;
}
