import { KubeObject } from '../api/objects';
import { Cluster, isOwnedBy, isReady } from './Cluster';
import { removeOldRevisions, takeRevision } from './controllerRevisions';
import { createPod } from './pods';

const HASH = 'controller-revision-hash';

/** One round of the StatefulSet controller for one StatefulSet. */
export function reconcileStatefulSet(cluster: Cluster, set: KubeObject): void {
  const { current: update } = takeRevision(cluster, set);
  const before = set.status ?? {};
  const current = before.currentRevision ?? update.metadata.name;
  bringUp(cluster, set, update);
  const pods = podsOf(cluster, set);
  const of = (revision: string) =>
    pods.filter(pod => pod.metadata.labels?.[HASH] === revision).length;
  const ready = pods.filter(isReady).length;
  const updated = of(update.metadata.name);
  const isComplete =
    updated === set.spec.replicas && ready === set.spec.replicas;
  const currentRevision = isComplete ? update.metadata.name : current;
  cluster.store.update({
    ...set,
    status: {
      observedGeneration: set.metadata.generation,
      replicas: pods.length,
      ...(ready && { readyReplicas: ready }),
      ...(of(currentRevision) && { currentReplicas: of(currentRevision) }),
      ...(updated && { updatedReplicas: updated }),
      currentRevision,
      updateRevision: update.metadata.name,
      collisionCount: 0,
    },
  });
  removeOldRevisions(cluster, set, [
    update.metadata.name,
    currentRevision,
    ...pods.map(pod => pod.metadata.labels?.[HASH] ?? ''),
  ]);
}

function podsOf(cluster: Cluster, set: KubeObject): KubeObject[] {
  return cluster.store
    .list('Pod', set.metadata.namespace)
    .filter(pod => isOwnedBy(pod, set));
}

/** One change at most, in the order of the ordinals; then those of earlier revisions, from the last on. */
function bringUp(cluster: Cluster, set: KubeObject, update: KubeObject): void {
  const { name } = set.metadata;
  const { replicas, podManagementPolicy, updateStrategy } = set.spec;
  const isOrdered = podManagementPolicy === 'OrderedReady';
  const pods = podsOf(cluster, set);
  const byOrdinal = Array.from({ length: replicas }, (_, ordinal) =>
    pods.find(pod => pod.metadata.name === `${name}-${ordinal}`),
  );
  for (const [ordinal, pod] of byOrdinal.entries()) {
    if (!pod) {
      create(cluster, set, update, ordinal);
      if (isOrdered) return;
      continue;
    }
    // A pod that never becomes ready is waited for, whatever its revision.
    if (isOrdered && !isReady(pod)) return;
  }
  const extra = pods.find(
    pod => Number(pod.metadata.name.slice(name.length + 1)) >= replicas,
  );
  if (extra) {
    cluster.store.remove(extra);
    return;
  }
  if (updateStrategy.type !== 'RollingUpdate') return;
  const partition = updateStrategy.rollingUpdate?.partition ?? 0;
  for (let ordinal = replicas - 1; ordinal >= partition; ordinal -= 1) {
    const pod = byOrdinal[ordinal];
    if (!pod) return;
    if (pod.metadata.labels?.[HASH] !== update.metadata.name) {
      cluster.store.remove(pod);
      return;
    }
    if (!isReady(pod)) return;
  }
}

function create(
  cluster: Cluster,
  set: KubeObject,
  update: KubeObject,
  ordinal: number,
): void {
  const name = `${set.metadata.name}-${ordinal}`;
  const refusal = createPod(cluster, set, {
    name,
    template: set.spec.template,
    labels: {
      [HASH]: update.metadata.name,
      'statefulset.kubernetes.io/pod-name': name,
    },
  });
  if (refusal) {
    cluster.event(
      set,
      'Warning',
      'FailedCreate',
      `create Pod ${name} in StatefulSet ${set.metadata.name} failed error: ${refusal}`,
    );
  }
}
