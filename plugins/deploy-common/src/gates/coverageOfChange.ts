/** What holds no code that a test could run. */
const documents =
  /(^|\/)(LICENSE|NOTICE|CODEOWNERS|Dockerfile|\.[^/]*)$|\.(md|mdx|txt|rst|adoc|json|jsonc|ya?ml|toml|ini|cfg|lock|sum|mod|xml|html?|css|svg|png|csv|sql|tf|tfvars)$/i;

/**
 * Which lines a change adds or rewrites in a file.
 *
 * @public
 */
export interface ChangedFile {
  /** From the root of the repository. */
  path: string;
  addedLines: readonly number[];
}

/**
 * Which lines of a file a report lists as code.
 *
 * @public
 */
export interface FileLines {
  /** From the root of the repository. */
  path: string;
  covered: readonly number[];
  missed: readonly number[];
}

/**
 * Answer of {@link coverageOfChange}.
 *
 * @public
 */
export interface ChangeCoverage {
  covered: number;
  /** Changed lines that a report lists as code; blank lines and comments are none. */
  total: number;
  /** In the order of the change, files without any left out. */
  uncovered: { path: string; lines: number[] }[];
  /**
   * Changed lines, whether listed as code or not, so that a new source file that no report mentions makes a
   * change large, too. Documents and data, told by their ending, are left out unless a report lists them.
   */
  changedLineCount: number;
}

/**
 * How much of a change was run. Of a file that stands in several reports, a line is covered if any of them
 * covers it.
 *
 * @public
 */
export function coverageOfChange(
  change: readonly ChangedFile[],
  files: readonly FileLines[],
): ChangeCoverage {
  const measured = new Map<string, Map<number, boolean>>();
  for (const file of files) {
    const lines = measured.get(file.path) ?? new Map<number, boolean>();
    measured.set(file.path, lines);
    for (const line of file.missed) {
      lines.set(line, lines.get(line) ?? false);
    }
    for (const line of file.covered) {
      lines.set(line, true);
    }
  }
  const result: ChangeCoverage = {
    covered: 0,
    total: 0,
    uncovered: [],
    changedLineCount: 0,
  };
  for (const { path, addedLines } of change) {
    const changed = [...new Set(addedLines)].sort((a, b) => a - b);
    const lines = measured.get(path);
    const code = changed.filter(line => lines?.has(line));
    const uncovered = code.filter(line => !lines?.get(line));
    result.total += code.length;
    result.covered += code.length - uncovered.length;
    if (uncovered.length > 0) {
      result.uncovered.push({ path, lines: uncovered });
    }
    if (lines || !documents.test(path)) {
      result.changedLineCount += changed.length;
    }
  }
  return result;
}
