import { InputError } from '@backstage/errors';
import parseDiff from 'parse-diff';
import { diffPaths } from './diffPaths';
import { ChangedFile } from './types';

/** How a file begins; within a file, every line begins with another character. */
const FILE = 'diff --git ';

/**
 * What a `git diff` says of each file: its path, where it was before, and the lines it adds.
 *
 * @throws InputError that tells the line, if the text is no such diff.
 */
export function parseChange(diff: string): ChangedFile[] {
  const files: ChangedFile[] = [];
  let start = 0;
  let line = 1;
  while (start < diff.length) {
    const next = diff.indexOf(`\n${FILE}`, start);
    const end = next < 0 ? diff.length : next + 1;
    const section = diff.slice(start, end);
    files.push(parseFile(section, line));
    line += countLines(section);
    start = end;
  }
  return files;
}

function parseFile(section: string, line: number): ChangedFile {
  if (!section.startsWith(FILE)) {
    throw new InputError(
      `Line ${line} of the diff does not begin a file with '${FILE.trim()}'`,
    );
  }
  const before = section.indexOf('\n@@ ');
  const hunks = before < 0 ? '' : section.slice(before + 1);
  const header = section.slice(0, before < 0 ? undefined : before);
  const paths = diffPaths(header.split('\n'));
  if (!paths) {
    throw new InputError(`Line ${line} of the diff does not tell a path`);
  }
  return {
    ...paths,
    addedLines: addedLines(hunks, line),
  };
}

function addedLines(hunks: string, line: number): number[] {
  try {
    const [file] = parseDiff(hunks);
    const lines = new Set<number>();
    for (const chunk of file?.chunks ?? []) {
      for (const change of chunk.changes) {
        if (change.type === 'add') {
          lines.add(change.ln);
        }
      }
    }
    return [...lines].sort((one, other) => one - other);
  } catch {
    // The parser stumbles over what no git writes.
    throw new InputError(
      `The file at line ${line} of the diff has hunks that cannot be read`,
    );
  }
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    count += 1;
  }
  return count;
}
