import { KubeObject } from '../api/objects';
import { Cluster, isOwnedBy, isReady } from './Cluster';
import { removeCondition, setCondition } from './conditions';
import { withoutZeros } from './deploymentStatus';
import { createPod } from './pods';

/** One round of the ReplicaSet controller for one ReplicaSet. */
export function reconcileReplicaSet(cluster: Cluster, set: KubeObject): void {
  const { namespace, name } = set.metadata;
  const pods = cluster.store
    .list('Pod', namespace)
    .filter(pod => isOwnedBy(pod, set) && !pod.metadata.deletionTimestamp);
  const missing = set.spec.replicas - pods.length;
  let refusal: string | undefined;
  for (let index = 0; index < missing && !refusal; index += 1) {
    refusal = createPod(cluster, set, {
      name: `${name}-${cluster.suffix()}`,
      template: set.spec.template,
      labels: {},
    });
  }
  // Those that are not ready go first.
  pods
    .sort((a, b) => Number(isReady(a)) - Number(isReady(b)))
    .slice(0, Math.max(0, -missing))
    .forEach(pod => cluster.store.remove(pod));
  saveStatus(cluster, set, refusal);
}

function saveStatus(
  cluster: Cluster,
  set: KubeObject,
  refusal: string | undefined,
): void {
  const pods = cluster.store
    .list('Pod', set.metadata.namespace)
    .filter(pod => isOwnedBy(pod, set) && !pod.metadata.deletionTimestamp);
  const ready = pods.filter(isReady).length;
  const status = { ...set.status };
  if (refusal) {
    setCondition(status, {
      type: 'ReplicaFailure',
      status: 'True',
      reason: 'FailedCreate',
      message: refusal,
    });
    status.conditions = status.conditions.map(
      ({ lastUpdateTime: _not, ...condition }: any) => condition,
    );
    cluster.event(set, 'Warning', 'FailedCreate', `Error creating: ${refusal}`);
  } else {
    removeCondition(status, 'ReplicaFailure');
  }
  cluster.store.update({
    ...set,
    status: {
      ...withoutZeros({
        fullyLabeledReplicas: pods.length,
        readyReplicas: ready,
        availableReplicas: ready,
        observedGeneration: set.metadata.generation,
      }),
      replicas: pods.length,
      ...(status.conditions?.length && { conditions: status.conditions }),
    },
  });
}
