import { isPodOf } from '../model/revisions';
import { Pod, Workload, WorkloadKind, WorkloadRevision } from '../model/types';

/**
 * Whether a pod keeps its StatefulSet from rolling at all. With the pod management policy OrderedReady the
 * controller waits for every pod to become ready before it replaces any, also for one whose template has
 * been taken back; such a pod has to be deleted.
 *
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
 */
export function isStuckOldPod(
  kind: WorkloadKind,
  workload: Workload,
  current: WorkloadRevision,
  pod: Pod,
): boolean {
  const isReady = (pod.status?.conditions ?? []).some(
    ({ type, status }) => type === 'Ready' && status === 'True',
  );
  return (
    kind === 'StatefulSet' &&
    workload.spec?.podManagementPolicy !== 'Parallel' &&
    !isReady &&
    pod.metadata?.deletionTimestamp === undefined &&
    !isPodOf(pod, current)
  );
}
