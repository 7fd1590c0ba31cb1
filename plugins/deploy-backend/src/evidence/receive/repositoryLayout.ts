import { Minimatch } from 'minimatch';

/** Whose a path of the repository is. */
export type Owner = 'service' | 'other' | undefined;

/** Where the services of a repository are, as its deploy.yaml tells. */
export interface RepositoryLayout {
  /** `owner/name`. */
  repository: string;
  /** Globs of the service, and of what it shares with others. Without any all is the service's. */
  paths: readonly string[];
  sharedPaths: readonly string[];
  /** Globs of the other services. */
  otherPaths: readonly string[];
}

/** A layout, ready to be asked about many paths. */
export class PathOwners {
  readonly #own: Minimatch[];
  readonly #other: Minimatch[];
  /** Whether anything is said about where the service is. */
  readonly known: boolean;
  /** Directories that the service's own globs begin with: `services/verifier`. */
  readonly ownDirectories: string[];
  /** What any glob begins with, files too. */
  readonly landmarks: string[];

  constructor(layout: RepositoryLayout) {
    const own = [...layout.paths, ...layout.sharedPaths];
    this.known = layout.paths.length > 0;
    this.#own = own.map(compile);
    this.#other = layout.otherPaths.map(compile);
    this.ownDirectories = unique(
      layout.paths.filter(hasMagic).map(staticPart),
    ).filter(directory => directory !== '');
    this.landmarks = unique(
      [...own, ...layout.otherPaths].map(staticPart),
    ).filter(part => part !== '');
  }

  ownerOf(path: string): Owner {
    if (!this.known || this.#own.some(glob => glob.match(path))) {
      return 'service';
    }
    return this.#other.some(glob => glob.match(path)) ? 'other' : undefined;
  }
}

/** Globs are those of `deploy.yaml`: `*` stays within a folder, and a leading dot is a letter like any other. */
function compile(glob: string): Minimatch {
  return new Minimatch(glob, { dot: true, nocomment: true, nonegate: true });
}

function hasMagic(glob: string): boolean {
  return /[*?[\]{}()!+@]/.test(glob);
}

/** The segments before the first one with a wildcard. */
function staticPart(glob: string): string {
  const segments = glob.split('/');
  const first = segments.findIndex(hasMagic);
  return (first < 0 ? segments : segments.slice(0, first)).join('/');
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
