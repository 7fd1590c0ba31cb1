import { KubeObject } from '../api/objects';
import { Cluster, share } from './Cluster';
import { getCondition, removeCondition, setCondition } from './conditions';

export function sum(sets: KubeObject[], read: (set: KubeObject) => number) {
  return sets.reduce((total, set) => total + (read(set) ?? 0), 0);
}

export function surgeOf(deployment: KubeObject): {
  maxSurge: number;
  maxUnavailable: number;
} {
  const { replicas, strategy } = deployment.spec;
  if (strategy.type === 'Recreate') {
    return { maxSurge: 0, maxUnavailable: replicas };
  }
  const { maxSurge, maxUnavailable } = strategy.rollingUpdate;
  const surge = share(maxSurge, replicas, 'up');
  const unavailable = share(maxUnavailable, replicas, 'down');
  return {
    maxSurge: surge,
    maxUnavailable: surge === 0 && unavailable === 0 ? 1 : unavailable,
  };
}

/** Counts and the condition Available. */
export function calculateStatus(
  deployment: KubeObject,
  sets: KubeObject[],
  newSet: KubeObject | undefined,
): any {
  const available = sum(sets, set => set.status.availableReplicas);
  const { maxUnavailable } = surgeOf(deployment);
  const before = deployment.status ?? {};
  const status: any = {
    ...before,
    observedGeneration: deployment.metadata.generation,
    replicas: sum(sets, set => set.status.replicas),
    updatedReplicas: newSet?.status.replicas ?? 0,
    readyReplicas: sum(sets, set => set.status.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(
      0,
      sum(sets, set => set.spec.replicas) - available,
    ),
    conditions: before.conditions ?? [],
  };
  const isAvailable = available >= deployment.spec.replicas - maxUnavailable;
  setCondition(status, {
    type: 'Available',
    status: isAvailable ? 'True' : 'False',
    reason: isAvailable
      ? 'MinimumReplicasAvailable'
      : 'MinimumReplicasUnavailable',
    message: isAvailable
      ? 'Deployment has minimum availability.'
      : 'Deployment does not have minimum availability.',
  });
  return status;
}

/** Counts that are zero are left out, as Go's `omitempty` does. */
export function withoutZeros(status: any): any {
  return Object.fromEntries(
    Object.entries(status).filter(([, value]) => value !== 0),
  );
}

export function isComplete(deployment: KubeObject, status: any): boolean {
  const { replicas } = deployment.spec;
  return (
    status.updatedReplicas === replicas &&
    status.replicas === replicas &&
    status.availableReplicas === replicas
  );
}

/** The conditions Progressing and ReplicaFailure during a rollout. */
export function addRolloutConditions(
  cluster: Cluster,
  deployment: KubeObject,
  status: any,
  sets: KubeObject[],
  newSet: KubeObject | undefined,
): void {
  const current = getCondition(status, 'Progressing');
  const name = newSet
    ? `ReplicaSet "${newSet.metadata.name}"`
    : `Deployment "${deployment.metadata.name}"`;
  const isOver =
    status.replicas === status.updatedReplicas &&
    current?.reason === 'NewReplicaSetAvailable';
  if (!isOver) {
    if (isComplete(deployment, status)) {
      setCondition(status, {
        type: 'Progressing',
        status: 'True',
        reason: 'NewReplicaSetAvailable',
        message: `${name} has successfully progressed.`,
      });
    } else if (hasProgressed(deployment.status ?? {}, status)) {
      const since =
        current?.status === 'True' ? current.lastTransitionTime : undefined;
      removeCondition(status, 'Progressing');
      setCondition(status, {
        type: 'Progressing',
        status: 'True',
        reason: 'ReplicaSetUpdated',
        message: `${name} is progressing.`,
      });
      if (since) {
        getCondition(status, 'Progressing').lastTransitionTime = since;
      }
    } else if (hasTimedOut(cluster, deployment, current)) {
      setCondition(status, {
        type: 'Progressing',
        status: 'False',
        reason: 'ProgressDeadlineExceeded',
        message: `${name} has timed out progressing.`,
      });
    }
  }
  const failure = [newSet, ...sets]
    .map(set => getCondition(set?.status, 'ReplicaFailure'))
    .find(condition => condition !== undefined);
  if (failure) {
    setCondition(status, failure);
  } else {
    removeCondition(status, 'ReplicaFailure');
  }
}

function hasProgressed(before: any, after: any): boolean {
  const count = (status: any, field: string) => status[field] ?? 0;
  const old = (status: any) =>
    count(status, 'replicas') - count(status, 'updatedReplicas');
  return (
    count(after, 'updatedReplicas') > count(before, 'updatedReplicas') ||
    old(after) < old(before) ||
    count(after, 'readyReplicas') > count(before, 'readyReplicas') ||
    count(after, 'availableReplicas') > count(before, 'availableReplicas')
  );
}

/** A deadline that was missed stays missed until something moves, also when another template is put in. */
function hasTimedOut(
  cluster: Cluster,
  deployment: KubeObject,
  current: any,
): boolean {
  if (!current || current.reason === 'NewReplicaSetAvailable') return false;
  if (current.reason === 'ProgressDeadlineExceeded') return true;
  const seconds =
    deployment.spec.progressDeadlineSeconds / cluster.options.timeScale;
  // Not by the times of conditions: those are whole seconds.
  const { metadata, status } = deployment;
  const { conditions: _, ...counts } = status ?? {};
  const stillMs = cluster.stillFor(
    metadata.uid,
    JSON.stringify([counts, current.reason]),
  );
  return stillMs > seconds * 1000;
}
