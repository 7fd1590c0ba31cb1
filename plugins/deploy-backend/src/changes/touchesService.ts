import { Minimatch } from 'minimatch';

/**
 * Whether a change is one of a service: of its own paths or of those that it shares with others. A service
 * without paths is the whole repository.
 *
 * Globs are those of `deploy.yaml`: `*` stays within a folder, `**` does not, and a name that begins with a
 * dot is a name like any other.
 */
export function touchesService(
  files: readonly { path: string; previousPath?: string }[],
  service: { paths: readonly string[]; sharedPaths: readonly string[] },
): boolean {
  if (service.paths.length === 0) {
    return files.length > 0;
  }
  const globs = [...service.paths, ...service.sharedPaths].map(
    glob => new Minimatch(glob, { dot: true, nocomment: true, nonegate: true }),
  );
  const isOfService = (path: string) => globs.some(glob => glob.match(path));
  return files.some(
    ({ path, previousPath }) =>
      isOfService(path) ||
      (previousPath !== undefined && isOfService(previousPath)),
  );
}
