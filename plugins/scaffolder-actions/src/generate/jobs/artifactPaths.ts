import { posix } from 'node:path';

/**
 * Where files lie in an artifact, by where they lay: actions/upload-artifact leaves out the folders that all of them
 * share, whether they are there or not.
 */
export function artifactPaths(files: readonly string[]): Map<string, string> {
  const paths = [...new Set(files)].map(file => ({
    file,
    parts: posix.normalize(file).split('/'),
  }));
  const shared = paths
    .map(({ parts }) => parts.slice(0, -1))
    .reduce((left, right) => {
      const apart = left.findIndex((part, index) => part !== right[index]);
      return apart < 0 ? left : left.slice(0, apart);
    }, paths[0]?.parts.slice(0, -1) ?? []);
  return new Map(
    paths.map(({ file, parts }) => [
      file,
      parts.slice(shared.length).join('/'),
    ]),
  );
}
