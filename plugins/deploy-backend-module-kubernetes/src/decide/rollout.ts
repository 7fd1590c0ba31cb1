import { Workload, WorkloadKind } from '../model/types';

/** How far the controller is with what the workload asks for. */
export type Rollout =
  | { state: 'complete' }
  | { state: 'progressing'; message: string }
  | { state: 'paused'; message: string }
  /** Nothing has moved for as long as the workload itself allows. */
  | { state: 'stuck'; message: string };

/** Pods that serve, and that are wanted. */
export interface Counts {
  wanted: number;
  /** Made from the template that the workload has now. */
  updated: number;
  ready: number;
  available: number;
}

export function countsOf(kind: WorkloadKind, workload: Workload): Counts {
  const { spec = {}, status = {} } = workload;
  if (kind === 'DaemonSet') {
    return {
      wanted: status.desiredNumberScheduled ?? 0,
      updated: status.updatedNumberScheduled ?? 0,
      ready: status.numberReady ?? 0,
      available: status.numberAvailable ?? 0,
    };
  }
  return {
    wanted: spec.replicas ?? 1,
    updated: status.updatedReplicas ?? 0,
    ready: status.readyReplicas ?? 0,
    // StatefulSets have it since Kubernetes 1.22.
    available: status.availableReplicas ?? status.readyReplicas ?? 0,
  };
}

/**
 * When the controller found that the deadline for progress was missed. It does not take that back at once
 * when another template is put in, so what was found before a change says nothing about it.
 */
export function missedDeadlineOf(workload: Workload): string | undefined {
  const condition = workload.status?.conditions?.find(
    ({ type, reason }) =>
      type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
  );
  return condition && (condition.lastUpdateTime ?? 'unknown');
}

/**
 * By the same rules as `kubectl rollout status`, and stricter in two: a StatefulSet's pods have to be
 * ready, and no pod of an earlier template may be left.
 *
 * @param stale - the missed deadline that was there before the change that is awaited
 */
export function rolloutOf(
  kind: WorkloadKind,
  workload: Workload,
  stale?: string,
): Rollout {
  const generation = workload.metadata?.generation ?? 0;
  if ((workload.status?.observedGeneration ?? 0) < generation) {
    return progressing('The controller has not yet seen the change.');
  }
  if (workload.spec?.paused) {
    return { state: 'paused', message: 'The rollout is paused.' };
  }
  const missed = missedDeadlineOf(workload);
  if (missed !== undefined && missed !== stale) {
    return {
      state: 'stuck',
      message: `Nothing has moved for ${
        workload.spec?.progressDeadlineSeconds ?? 600
      } seconds (ProgressDeadlineExceeded).`,
    };
  }
  return byCounts(kind, workload);
}

function byCounts(kind: WorkloadKind, workload: Workload): Rollout {
  const { wanted, updated, ready, available } = countsOf(kind, workload);
  const { status = {} } = workload;
  if (updated < wanted) {
    return progressing(`${updated} of ${wanted} pods are of this revision.`);
  }
  if (kind === 'Deployment' && (status.replicas ?? 0) > updated) {
    const old = (status.replicas ?? 0) - updated;
    return progressing(`${old} pods of earlier revisions have yet to end.`);
  }
  if (
    kind === 'StatefulSet' &&
    status.updateRevision !== status.currentRevision
  ) {
    return progressing('Pods of earlier revisions have yet to end.');
  }
  if (Math.min(ready, available) < wanted) {
    return progressing(`${available} of ${wanted} pods are available.`);
  }
  return { state: 'complete' };
}

function progressing(message: string): Rollout {
  return { state: 'progressing', message };
}
