import { GithubCommits } from './GithubCommits';
import { CommitPeople, peopleOf } from './peopleOfList';
import { ServicePaths } from './types';

/**
 * Who wrote a release where nothing ran before: its commit, and the newest that changed the service's own
 * paths. What it shares with others, and the pipeline, was there before it.
 */
export async function peopleUpTo(
  github: Pick<GithubCommits, 'upTo'>,
  { paths }: Pick<ServicePaths, 'paths'>,
  to: string,
): Promise<CommitPeople> {
  const places = [...new Set(paths.map(literalPart))];
  const [itself, ...lists] = await Promise.all([
    github.upTo(to, { most: 1 }),
    ...places
      .filter(path => path !== '')
      .map(path => github.upTo(to, { path })),
  ]);
  return {
    people: [itself, ...lists].flat().flatMap(peopleOf),
    complete:
      places.length > 0 &&
      !places.includes('') &&
      lists.every(({ length }) => length < GithubCommits.perPage),
  };
}

/** What a glob begins with, up to the first part with a wildcard: empty if that is all of the repository. */
function literalPart(glob: string): string {
  const segments = glob.split('/');
  const wild = segments.findIndex(segment => /[*?[\]{}!()]/.test(segment));
  return (wild < 0 ? segments : segments.slice(0, wild)).join('/');
}
