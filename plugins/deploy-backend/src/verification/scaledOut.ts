import { TargetHealth } from '@vvp/backstage-plugin-deploy-common';

/**
 * Whether as many are ready as were wanted when it was healthy, and more are wanted by now. Those that come on top
 * may take their time: what was put in place is not unwell for it.
 */
export function isScaledOut(
  { state, ready, wanted }: TargetHealth,
  wantedBefore: number | undefined,
): boolean {
  return (
    state === 'degraded' &&
    ready !== undefined &&
    wanted !== undefined &&
    wantedBefore !== undefined &&
    wanted > wantedBefore &&
    ready >= wantedBefore
  );
}
