import { PathOwners } from './repositoryLayout';
import { parseReportPath, ReportPath, under } from './reportPath';

/** Paths that are looked at to find out what they all have in common. */
const SAMPLE = 300;

/** Prefixes that are weighed. */
const MAX_PREFIXES = 100;

/** Directories of a report that are tried. */
const MAX_ROOTS = 20;

/** Turns a path of a report into one of the repository; undefined if it is none. */
export type Place = (path: ReportPath) => string | undefined;

const nowhere: Place = () => undefined;

/** What is known beside the paths themselves. */
export interface PlacingHints {
  /** `owner/name`. */
  repository: string;
  owners: PathOwners;
  /** Directories of the machine that the report names. */
  roots: readonly string[];
  /** Directory of the repository that relative paths start from, if the sender says so. */
  root?: string;
}

/**
 * Finds out how the paths of a report become paths of the repository. All paths of one kind are treated
 * alike: what fits the most of them is right, so that one odd file is not forced into the service.
 */
export function pathPlacer(
  paths: readonly string[],
  hints: PlacingHints,
): (path: string) => string | undefined {
  const sample = sampleOf(paths).map(parseReportPath);
  const ofKind = (kind: ReportPath['kind']) =>
    sample.filter(path => path.kind === kind);
  const places: Record<ReportPath['kind'], Place> = {
    absolute: chooseForAbsolute(ofKind('absolute'), hints),
    import: chooseForImports(ofKind('import'), hints),
    relative: chooseForRelative(ofKind('relative'), hints),
  };
  return path => {
    const parsed = parseReportPath(path);
    return places[parsed.kind](parsed);
  };
}

function chooseForAbsolute(
  sample: readonly ReportPath[],
  hints: PlacingHints,
): Place {
  const { root } = hints;
  if (root !== undefined) {
    const base = [
      ...absoluteRoots(hints),
      commonDirectory(sample).join('/'),
    ].find(prefix => sample.every(path => startsWith(path.segments, prefix)));
    return withoutPrefix(base ?? '', root);
  }
  return best(sample, hints, strippers(sample, hints))?.place ?? nowhere;
}

function chooseForImports(
  sample: readonly ReportPath[],
  hints: PlacingHints,
): Place {
  const { root, repository, owners } = hints;
  const name = nameOf(repository);
  if (root === undefined) {
    const asIs: Place[] = [path => under('', path.segments)];
    const found = best(sample, hints, [...asIs, ...strippers(sample, hints)]);
    if (found) {
      return found.place;
    }
  }
  // The module may be the service's directory or the repository; its own name tells.
  const directories = root === undefined ? owners.ownDirectories : [root];
  const candidates = directories.flatMap(directory =>
    [lastOf(directory), name].flatMap(end =>
      sample.slice(0, 1).flatMap(({ segments }) => {
        const index = segments.indexOf(end);
        return index < 0
          ? []
          : [withoutPrefix(segments.slice(0, index + 1).join('/'), directory)];
      }),
    ),
  );
  return best(sample, hints, candidates)?.place ?? nowhere;
}

function chooseForRelative(
  sample: readonly ReportPath[],
  hints: PlacingHints,
): Place {
  const { root, owners, roots } = hints;
  if (root !== undefined) {
    return path => under(root, path.segments);
  }
  const joined = roots.length > 0 ? [throughRoots(sample, hints)] : [];
  const asIs: Place = path => under('', path.segments);
  // As the report has it comes first. A service's directory is put before only what is nobody's else.
  return (
    best(sample, hints, [...joined, asIs])?.place ??
    best(
      sample,
      hints,
      owners.ownDirectories.map(
        directory => (path: ReportPath) => under(directory, path.segments),
      ),
    )?.place ??
    asIs
  );
}

/** A file is in one of the directories that the report names: the first where it is somebody's. */
function throughRoots(
  sample: readonly ReportPath[],
  hints: PlacingHints,
): Place {
  const directories = hints.roots.slice(0, MAX_ROOTS).map(parseReportPath);
  const join = (directory: ReportPath, path: ReportPath): ReportPath => ({
    kind: directory.kind,
    segments: [...directory.segments, ...path.segments],
  });
  const all = directories
    .filter(directory => directory.kind === 'absolute')
    .flatMap(directory => sample.map(path => join(directory, path)));
  const strip = chooseForAbsolute(all, hints);
  const places = directories.map(directory => (path: ReportPath) => {
    const whole = join(directory, path);
    return whole.kind === 'absolute' ? strip(whole) : under('', whole.segments);
  });
  return path => {
    const candidates = places.flatMap(place => place(path) ?? []);
    return (
      candidates.find(one => hints.owners.ownerOf(one) === 'service') ??
      candidates[0]
    );
  };
}

/** Ways to cut off the directories before the repository, the most believable first. */
function strippers(
  sample: readonly ReportPath[],
  { repository, owners }: PlacingHints,
): Place[] {
  const name = nameOf(repository);
  const workspaces = new Set<string>();
  const checkouts = new Set<string>();
  const landmarks = new Set<string>();
  for (const { segments } of sample) {
    segments.forEach((segment, index) => {
      const before = segments.slice(0, index).join('/');
      const through = segments.slice(0, index + 1).join('/');
      if (segment === name) {
        // GitHub's runners check out into `.../<name>/<name>`.
        (segments[index - 1] === name ? workspaces : checkouts).add(through);
      }
      const rest = segments.slice(index).join('/');
      if (owners.landmarks.some(mark => isBelow(rest, mark))) {
        landmarks.add(before);
      }
    });
    if (workspaces.size + checkouts.size + landmarks.size > MAX_PREFIXES) {
      break;
    }
  }
  if (sample.some(path => startsWith(path.segments, 'github/workspace'))) {
    workspaces.add('github/workspace');
  }
  const deepest = [...landmarks].sort((a, b) => b.length - a.length);
  // Globs that begin with a wildcard mark no place; then what all files have in common is cut off.
  const common = owners.known ? [commonDirectory(sample).join('/')] : [];
  return [...workspaces, ...checkouts, ...deepest, ...common].map(prefix =>
    withoutPrefix(prefix),
  );
}

/** The way that makes the most paths somebody's, the first of equals; undefined if none does. */
function best(
  sample: readonly ReportPath[],
  { owners }: PlacingHints,
  places: readonly Place[],
): { place: Place; count: number } | undefined {
  let found: { place: Place; count: number } | undefined;
  for (const place of places) {
    const count = sample.filter(path => {
      const placed = place(path);
      return placed !== undefined && owners.ownerOf(placed) !== undefined;
    }).length;
    if (count > (found?.count ?? 0)) {
      found = { place, count };
    }
  }
  return found;
}

function withoutPrefix(prefix: string, directory = ''): Place {
  const length = prefix === '' ? 0 : prefix.split('/').length;
  return path =>
    startsWith(path.segments, prefix)
      ? under(directory, path.segments.slice(length))
      : undefined;
}

function absoluteRoots({ roots }: PlacingHints): string[] {
  return roots
    .map(parseReportPath)
    .filter(root => root.kind === 'absolute')
    .map(root => root.segments.join('/'));
}

function startsWith(segments: readonly string[], prefix: string): boolean {
  return prefix === '' || isBelow(segments.join('/'), prefix);
}

function isBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}

/** The directory that all files are in. */
function commonDirectory(sample: readonly ReportPath[]): string[] {
  const directories = sample.map(({ segments }) => segments.slice(0, -1));
  const [first = []] = directories;
  const end = first.findIndex((segment, index) =>
    directories.some(other => other[index] !== segment),
  );
  return end < 0 ? first : first.slice(0, end);
}

function nameOf(repository: string): string {
  return repository.split('/')[1] ?? repository;
}

function lastOf(directory: string): string {
  return directory.split('/').at(-1) ?? '';
}

function sampleOf(paths: readonly string[]): string[] {
  const step = Math.ceil(paths.length / SAMPLE);
  return step <= 1
    ? [...paths]
    : paths.filter((_, index) => index % step === 0);
}
