import { KubeObject } from '../api/objects';
import { Cluster, isOwnedBy, isReady, share } from './Cluster';
import { removeOldRevisions, takeRevision } from './controllerRevisions';
import { createPod } from './pods';

const HASH = 'controller-revision-hash';

/** One round of the DaemonSet controller for one DaemonSet. */
export function reconcileDaemonSet(cluster: Cluster, set: KubeObject): void {
  const { current } = takeRevision(cluster, set);
  const hash = current.metadata.labels?.[HASH] as string;
  const pods = podsOf(cluster, set);
  for (const node of cluster.options.nodes) {
    if (!pods.some(pod => pod.spec.nodeName === node)) {
      createPod(cluster, set, {
        name: `${set.metadata.name}-${cluster.suffix()}`,
        template: set.spec.template,
        labels: { [HASH]: hash, 'pod-template-generation': '1' },
        node,
      });
    }
  }
  if (set.spec.updateStrategy.type === 'RollingUpdate') {
    replaceOld(cluster, set, hash);
  }
  saveStatus(cluster, set, hash);
  const inUse = podsOf(cluster, set).map(
    pod => `${set.metadata.name}-${pod.metadata.labels?.[HASH]}`,
  );
  removeOldRevisions(cluster, set, [current.metadata.name, ...inUse]);
}

function podsOf(cluster: Cluster, set: KubeObject): KubeObject[] {
  return cluster.store
    .list('Pod', set.metadata.namespace)
    .filter(pod => isOwnedBy(pod, set));
}

/** Those that do not serve go at once, of the others as many as may be missing. */
function replaceOld(cluster: Cluster, set: KubeObject, hash: string): void {
  const pods = podsOf(cluster, set);
  const old = pods.filter(pod => pod.metadata.labels?.[HASH] !== hash);
  const idle = old.filter(pod => !isReady(pod));
  idle.forEach(pod => cluster.store.remove(pod));
  const missing = cluster.options.nodes.length - pods.filter(isReady).length;
  const most = share(
    set.spec.updateStrategy.rollingUpdate?.maxUnavailable ?? 1,
    cluster.options.nodes.length,
    'up',
  );
  old
    .filter(isReady)
    .slice(0, Math.max(0, most - missing))
    .forEach(pod => cluster.store.remove(pod));
}

function saveStatus(cluster: Cluster, set: KubeObject, hash: string): void {
  const pods = podsOf(cluster, set);
  const wanted = cluster.options.nodes.length;
  const ready = pods.filter(isReady).length;
  const updated = pods.filter(
    pod => pod.metadata.labels?.[HASH] === hash,
  ).length;
  cluster.store.update({
    ...set,
    status: {
      currentNumberScheduled: pods.length,
      desiredNumberScheduled: wanted,
      numberMisscheduled: 0,
      numberReady: ready,
      ...(ready && { numberAvailable: ready }),
      ...(wanted - ready && { numberUnavailable: wanted - ready }),
      ...(updated && { updatedNumberScheduled: updated }),
      observedGeneration: set.metadata.generation,
    },
  });
}
