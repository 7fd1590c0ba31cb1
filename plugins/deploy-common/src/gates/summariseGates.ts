import { GateResult, gateStates, GateSummary, Release } from '../model';

/**
 * All gates of a release and environment together: the worst decides. Without any the state is `none`,
 * which says that nothing was asked and not that anything passed.
 *
 * @public
 */
export function summariseGates(
  release: Pick<Release, 'commit' | 'version'>,
  results: readonly GateResult[],
): GateSummary {
  return {
    release: {
      commit: release.commit,
      ...(release.version !== undefined && { version: release.version }),
    },
    state:
      gateStates.find(state =>
        results.some(result => result.state === state),
      ) ?? 'none',
    results: [...results],
  };
}
