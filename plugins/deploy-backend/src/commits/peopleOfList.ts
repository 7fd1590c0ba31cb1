import { CommitPerson } from './commitPeople';
import { ListedCommits } from './listCommits';
import { selectCommits } from './selectCommits';
import { KeptCommit, ServicePaths } from './types';

/** Who wrote what comes in with a release. */
export interface CommitPeople {
  people: CommitPerson[];
  /** Whether these are all of them. */
  complete: boolean;
}

/**
 * Who wrote the commits of a list that are of the service, or may be. The other way round, with an older
 * release, nothing comes in.
 */
export function peopleOfList(
  { direction, list }: ListedCommits,
  service: Pick<ServicePaths, 'paths' | 'sharedPaths'>,
): CommitPeople {
  if (direction === 'backward') {
    return { people: [], complete: list.behind === 0 };
  }
  const ours = new Set(selectCommits(list.commits, service).commits);
  const hasNothing = list.state === 'unrelated' && list.commits.length === 0;
  return {
    people: list.commits
      .filter(
        commit =>
          ours.has(commit) ||
          (service.paths.length > 0 && commit.paths === undefined),
      )
      .flatMap(peopleOf),
    complete: list.commits.length >= list.total && !hasNothing,
  };
}

/** Of one that was kept before its people were, the author is a login if there was one. */
export function peopleOf({ people, author }: KeptCommit): CommitPerson[] {
  return people ?? (author ? [{ login: author, name: author }] : []);
}
