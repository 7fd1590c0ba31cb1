import { createHash } from 'node:crypto';
import { readHeader, isEdited, withUnixLines } from './header';
import { GeneratedFile } from './model';

/**
 * Hashes of the generated files that have no comments to carry one themselves, as `sha256sum --check` takes them in the
 * folder that it lies in.
 */
export const SUMS = 'deploy/SHA256SUMS';
const FOLDER = 'deploy/';

/** The file of hashes for what is generated; none where nothing needs it. */
export function sumsOf(files: readonly GeneratedFile[]): GeneratedFile[] {
  const lines = files
    .filter(({ path }) => path.startsWith(FOLDER) && path.endsWith('.json'))
    .map(({ path, content }) => `${hashOf(content)}  ${nameIn(path)}\n`)
    .sort();
  return lines.length > 0 ? [{ path: SUMS, content: lines.join('') }] : [];
}

/**
 * What generated files looked like when they were written, by path.
 *
 * @param text - the file of hashes; what somebody changed by hand vouches for nothing
 */
export function readSums(
  text: string | undefined,
): ReadonlyMap<string, string> {
  if (text === undefined || !readHeader(text) || isEdited(text)) {
    return new Map();
  }
  return new Map(
    [...withUnixLines(text).matchAll(/^([0-9a-f]{64}) {2}(.+)$/gm)].map(
      ([, hash, name]) => [`${FOLDER}${name}`, hash],
    ),
  );
}

/**
 * Whether somebody changed a generated file by hand, or wrote it.
 *
 * @param sums - hashes of those that carry none, see {@link readSums}
 */
export function isEditedFile(
  path: string,
  content: string,
  sums: ReadonlyMap<string, string>,
): boolean {
  return isEdited(content) && sums.get(path) !== hashOf(content);
}

function nameIn(path: string): string {
  return path.slice(FOLDER.length);
}

function hashOf(content: string): string {
  return createHash('sha256').update(withUnixLines(content)).digest('hex');
}
