import { Pod } from './model/types';

/**
 * The run of a container whose log tells something; undefined if it has not run yet. What a container that
 * waits to be started again wrote is in the log of the one before.
 */
export function runOf(
  pod: Pod,
  container: string | undefined,
): { container: string; previous: boolean } | undefined {
  const status = [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ].find(({ name }) => name === container);
  const { state, lastState } = status ?? {};
  const hasRun = state?.running || state?.terminated || lastState?.terminated;
  return container === undefined || !hasRun
    ? undefined
    : {
        container,
        previous: !state?.running && lastState?.terminated !== undefined,
      };
}
