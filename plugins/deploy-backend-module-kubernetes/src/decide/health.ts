import { TargetHealth } from '@vvp/backstage-plugin-deploy-common';
import { Workload, WorkloadKind } from '../model/types';
import { countsOf, Rollout } from './rollout';
import { formatTrouble, Trouble } from './trouble';

/** How well the workload runs. */
export function healthOf(
  kind: WorkloadKind,
  workload: Workload,
  rollout: Rollout,
  troubles: readonly Trouble[],
): TargetHealth {
  const counts = countsOf(kind, workload);
  const ready = Math.min(counts.ready, counts.available);
  const numbers = { ready, wanted: counts.wanted };
  if (counts.wanted === 0) {
    return {
      ...numbers,
      state: 'unknown',
      reason: 'It is scaled to zero: nothing runs.',
    };
  }
  if (rollout.state === 'complete') {
    return { ...numbers, state: 'healthy' };
  }
  const reason =
    troubles.length > 0 ? formatTrouble(troubles[0]) : rollout.message;
  return {
    ...numbers,
    state: ready === 0 ? 'unhealthy' : 'degraded',
    reason,
  };
}
