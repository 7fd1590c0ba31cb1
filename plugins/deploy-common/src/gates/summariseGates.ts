import { GateResult, gateStates, GateSummary, Release } from '../model';
import { awaitsDeployment } from './holdsEntry';

/**
 * All gates of a release and environment together: the worst decides. What is awaited after the deployment decides
 * nothing beside others: readiness does not ask for it either. Without any gate the state is `none`, which says
 * that nothing was asked and not that anything passed.
 *
 * @public
 */
export function summariseGates(
  release: Pick<Release, 'commit' | 'version'>,
  results: readonly GateResult[],
): GateSummary {
  const judged = results.filter(result => !awaitsDeployment(result));
  const deciding = judged.length > 0 ? judged : results;
  return {
    release: {
      commit: release.commit,
      ...(release.version !== undefined && { version: release.version }),
    },
    state:
      gateStates.find(state =>
        deciding.some(result => result.state === state),
      ) ?? 'none',
    results: [...results],
  };
}
