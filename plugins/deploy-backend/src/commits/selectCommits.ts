import { touchesService } from '../changes/touchesService';
import { KeptCommit, ServicePaths } from './types';

/** Which commits are those of a service, as far as that is known. */
export interface SelectedCommits {
  commits: KeptCommit[];
  /** How many may be of the service, too: their paths are not known. */
  undecided: number;
}

/**
 * The commits that touch a service, in their order. One with more paths than GitHub names counts as one of
 * them: better one too many than a change that nobody sees.
 */
export function selectCommits(
  commits: readonly KeptCommit[],
  service: Pick<ServicePaths, 'paths' | 'sharedPaths'>,
): SelectedCommits {
  if (service.paths.length === 0) {
    return { commits: [...commits], undecided: 0 };
  }
  return {
    commits: commits.filter(
      ({ paths, pathsCut }) =>
        pathsCut ||
        (paths &&
          touchesService(
            paths.map(path => ({ path })),
            service,
          )),
    ),
    undecided: commits.filter(commit => commit.paths === undefined).length,
  };
}
