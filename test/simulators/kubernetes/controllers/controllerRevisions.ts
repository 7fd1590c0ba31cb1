import { isEqual, KubeObject } from '../api/objects';
import { Cluster, hashOf, isOwnedBy, ownerReference } from './Cluster';

/** The revision of the template, made if need be; an earlier one that is equal becomes the newest again. */
export function takeRevision(
  cluster: Cluster,
  owner: KubeObject,
): { current: KubeObject; all: KubeObject[] } {
  const all = revisionsOf(cluster, owner);
  const data = dataOf(owner);
  const newest = Math.max(0, ...all.map(({ revision }) => revision));
  const equal = all.find(revision => isEqual(revision.data, data));
  if (equal) {
    const current =
      equal.revision === newest
        ? equal
        : cluster.store.update({ ...equal, revision: newest + 1 });
    return { current, all };
  }
  const hash = hashOf(data);
  const { name, namespace, annotations } = owner.metadata;
  const hashLabel =
    owner.kind === 'DaemonSet'
      ? { 'controller-revision-hash': hash }
      : { 'controller.kubernetes.io/hash': hash };
  const current = cluster.store.create({
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: { ...owner.spec.template.metadata.labels, ...hashLabel },
      ...(annotations && { annotations }),
      ownerReferences: [ownerReference(owner)],
    },
    data,
    revision: newest + 1,
  });
  return { current, all: [...all, current] };
}

export function revisionsOf(cluster: Cluster, owner: KubeObject): KubeObject[] {
  return cluster.store
    .list('ControllerRevision', owner.metadata.namespace)
    .filter(revision => isOwnedBy(revision, owner));
}

function dataOf(owner: KubeObject): unknown {
  return {
    spec: { template: { ...owner.spec.template, $patch: 'replace' } },
  };
}

/** Keeps as many as `revisionHistoryLimit` says, besides those that pods are of. */
export function removeOldRevisions(
  cluster: Cluster,
  owner: KubeObject,
  inUse: string[],
): void {
  const idle = revisionsOf(cluster, owner)
    .filter(({ metadata }) => !inUse.includes(metadata.name))
    .sort((a, b) => a.revision - b.revision);
  idle
    .slice(0, Math.max(0, idle.length - owner.spec.revisionHistoryLimit))
    .forEach(revision => cluster.store.remove(revision));
}
