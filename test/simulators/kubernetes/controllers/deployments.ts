import { isEqual, KubeObject } from '../api/objects';
import { Cluster, hashOf, isOwnedBy, ownerReference } from './Cluster';
import { getCondition, setCondition } from './conditions';
import {
  addRolloutConditions,
  calculateStatus,
  isComplete,
  sum,
  surgeOf,
  withoutZeros,
} from './deploymentStatus';

const REVISION = 'deployment.kubernetes.io/revision';
const HISTORY = 'deployment.kubernetes.io/revision-history';
const DESIRED = 'deployment.kubernetes.io/desired-replicas';
const MAXIMUM = 'deployment.kubernetes.io/max-replicas';
const NOT_COPIED = [
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  HISTORY,
  DESIRED,
  MAXIMUM,
  'deprecated.deployment.rollback.to',
];

/** One round of the Deployment controller for one Deployment; what changed is seen in the next round. */
export function reconcileDeployment(
  cluster: Cluster,
  deployment: KubeObject,
): void {
  if (noticePause(cluster, deployment)) return;
  const sets = cluster.store
    .list('ReplicaSet', deployment.metadata.namespace)
    .filter(set => isOwnedBy(set, deployment))
    .sort(byCreation);
  if (deployment.spec.paused) {
    const newSet = findNewSet(deployment, sets);
    saveStatus(cluster, deployment, calculateStatus(deployment, sets, newSet));
    return;
  }
  const newSet = takeNewSet(cluster, deployment, sets);
  if (!newSet) return;
  const oldSets = sets.filter(set => set.metadata.uid !== newSet.metadata.uid);
  if (
    scaleWithDeployment(cluster, deployment, newSet) ||
    roll(cluster, deployment, newSet, oldSets)
  ) {
    saveRollout(cluster, deployment, newSet);
    return;
  }
  if (isComplete(deployment, deployment.status ?? {})) {
    removeHistory(cluster, deployment, oldSets);
  }
  saveRollout(cluster, deployment, newSet);
}

function byCreation(a: KubeObject, b: KubeObject): number {
  return numberOf(a) - numberOf(b);
}

function numberOf(set: KubeObject): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0);
}

function noticePause(cluster: Cluster, deployment: KubeObject): boolean {
  const condition = getCondition(deployment.status, 'Progressing');
  const isMarked = condition?.reason === 'DeploymentPaused';
  const isPaused = deployment.spec.paused === true;
  if (
    condition?.reason === 'ProgressDeadlineExceeded' ||
    isPaused === isMarked
  ) {
    return false;
  }
  const status = { ...deployment.status };
  setCondition(status, {
    type: 'Progressing',
    status: 'Unknown',
    reason: isPaused ? 'DeploymentPaused' : 'DeploymentResumed',
    message: isPaused ? 'Deployment is paused' : 'Deployment is resumed',
  });
  saveStatus(cluster, deployment, status);
  return true;
}

export function templateOf(set: KubeObject): unknown {
  const { metadata, ...rest } = set.spec.template;
  const { 'pod-template-hash': _hash, ...labels } = metadata.labels ?? {};
  return { ...rest, metadata: { ...metadata, labels } };
}

function findNewSet(deployment: KubeObject, sets: KubeObject[]) {
  return sets.find(set => isEqual(templateOf(set), deployment.spec.template));
}

/** The ReplicaSet of the template, made if need be; `undefined` if something was written first. */
function takeNewSet(
  cluster: Cluster,
  deployment: KubeObject,
  sets: KubeObject[],
): KubeObject | undefined {
  const existing = findNewSet(deployment, sets);
  const others = sets.filter(set => set !== existing);
  const revision = String(Math.max(0, ...others.map(numberOf)) + 1);
  if (!existing) {
    createSet(cluster, deployment, sets, revision);
    return undefined;
  }
  const annotated = annotate(deployment, existing, revision);
  if (!isEqual(annotated.metadata, existing.metadata)) {
    cluster.store.update(annotated);
    return undefined;
  }
  const own = existing.metadata.annotations?.[REVISION];
  if (deployment.metadata.annotations?.[REVISION] !== own) {
    cluster.store.update(withAnnotations(deployment, { [REVISION]: own }));
    return undefined;
  }
  return existing;
}

function annotate(
  deployment: KubeObject,
  set: KubeObject,
  revision: string,
): KubeObject {
  const annotations = { ...set.metadata.annotations };
  for (const [key, value] of Object.entries(
    deployment.metadata.annotations ?? {},
  )) {
    if (!NOT_COPIED.includes(key)) annotations[key] = value;
  }
  const before = annotations[REVISION];
  if (before !== undefined && Number(before) < Number(revision)) {
    annotations[HISTORY] = annotations[HISTORY]
      ? `${annotations[HISTORY]},${before}`
      : before;
    annotations[REVISION] = revision;
  }
  return withAnnotations(set, annotations);
}

function withAnnotations(
  object: KubeObject,
  annotations: Record<string, string | undefined>,
): KubeObject {
  const all = { ...object.metadata.annotations, ...annotations };
  return {
    ...object,
    metadata: {
      ...object.metadata,
      annotations: all as Record<string, string>,
    },
  };
}

function createSet(
  cluster: Cluster,
  deployment: KubeObject,
  sets: KubeObject[],
  revision: string,
): void {
  const { namespace, name } = deployment.metadata;
  const { template, replicas, selector } = deployment.spec;
  const hash = hashOf(template);
  const labels = { ...template.metadata.labels, 'pod-template-hash': hash };
  const { maxSurge } = surgeOf(deployment);
  const set = cluster.store.create({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: {
        ...annotate(deployment, { metadata: {} } as KubeObject, revision)
          .metadata.annotations,
        [REVISION]: revision,
        [DESIRED]: String(replicas),
        [MAXIMUM]: String(replicas + maxSurge),
      },
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas: newSetReplicas(deployment, sets, 0),
      selector: {
        ...selector,
        matchLabels: { ...selector.matchLabels, 'pod-template-hash': hash },
      },
      template: {
        ...template,
        metadata: { ...template.metadata, labels },
      },
    },
    status: { replicas: 0 },
    simulated: { order: cluster.nextOrder() },
  });
  const status = { ...deployment.status };
  setCondition(status, {
    type: 'Progressing',
    status: 'True',
    reason: 'NewReplicaSetCreated',
    message: `Created new replica set "${set.metadata.name}"`,
  });
  cluster.store.update({
    ...withAnnotations(deployment, { [REVISION]: revision }),
    status,
  });
  scaled(cluster, deployment, set, 0);
}

/** How many pods the new ReplicaSet may have, given what the others have. */
function newSetReplicas(
  deployment: KubeObject,
  sets: KubeObject[],
  own: number,
): number {
  const { replicas, strategy } = deployment.spec;
  const all = sum(sets, set => set.spec.replicas);
  if (strategy.type === 'Recreate') {
    return all - own > 0 ? own : replicas;
  }
  const room = replicas + surgeOf(deployment).maxSurge - all;
  return room <= 0 ? own : own + Math.min(room, replicas - own);
}

/** Follows a change of `replicas`: the ReplicaSets remember what was wanted. */
function scaleWithDeployment(
  cluster: Cluster,
  deployment: KubeObject,
  newSet: KubeObject,
): boolean {
  const desired = String(deployment.spec.replicas);
  if (newSet.metadata.annotations?.[DESIRED] === desired) return false;
  const most = deployment.spec.replicas + surgeOf(deployment).maxSurge;
  cluster.store.update(
    withAnnotations(newSet, { [DESIRED]: desired, [MAXIMUM]: String(most) }),
  );
  return true;
}

function roll(
  cluster: Cluster,
  deployment: KubeObject,
  newSet: KubeObject,
  oldSets: KubeObject[],
): boolean {
  if (deployment.spec.strategy.type === 'Recreate') {
    const active = oldSets.filter(set => set.spec.replicas > 0);
    active.forEach(set => scale(cluster, deployment, set, 0));
    const isGone = sum(oldSets, set => set.status.replicas) === 0;
    return (
      active.length > 0 ||
      (isGone && scale(cluster, deployment, newSet, deployment.spec.replicas))
    );
  }
  const all = [newSet, ...oldSets];
  const own = newSet.spec.replicas;
  const wanted =
    own > deployment.spec.replicas
      ? deployment.spec.replicas
      : newSetReplicas(deployment, all, own);
  return (
    scale(cluster, deployment, newSet, wanted) ||
    scaleDownOld(cluster, deployment, newSet, oldSets)
  );
}

function scaleDownOld(
  cluster: Cluster,
  deployment: KubeObject,
  newSet: KubeObject,
  oldSets: KubeObject[],
): boolean {
  const all = [newSet, ...oldSets];
  const { maxUnavailable } = surgeOf(deployment);
  const fewest = deployment.spec.replicas - maxUnavailable;
  const newUnavailable =
    newSet.spec.replicas - (newSet.status.availableReplicas ?? 0);
  const most = sum(all, set => set.spec.replicas) - fewest - newUnavailable;
  if (most <= 0) return false;
  // Those that do not serve go first.
  let cleaned = 0;
  for (const set of oldSets) {
    const idle = set.spec.replicas - (set.status.availableReplicas ?? 0);
    const count = Math.min(most - cleaned, idle);
    if (count > 0) {
      scale(cluster, deployment, set, set.spec.replicas - count);
      cleaned += count;
    }
  }
  let spare = sum(all, set => set.status.availableReplicas ?? 0) - fewest;
  let taken = 0;
  for (const { metadata } of oldSets) {
    const { namespace, name } = metadata;
    const set = cluster.store.get('ReplicaSet', namespace, name);
    const count = Math.min(set.spec.replicas, spare);
    if (count > 0) {
      scale(cluster, deployment, set, set.spec.replicas - count);
      spare -= count;
      taken += count;
    }
  }
  return cleaned + taken > 0;
}

function scale(
  cluster: Cluster,
  deployment: KubeObject,
  set: KubeObject,
  replicas: number,
): boolean {
  const before = set.spec.replicas;
  if (before === replicas) return false;
  const after = cluster.store.update({
    ...set,
    spec: { ...set.spec, replicas },
  });
  scaled(cluster, deployment, after, before);
  return true;
}

function scaled(
  cluster: Cluster,
  deployment: KubeObject,
  set: KubeObject,
  before: number,
): void {
  const { replicas } = set.spec;
  cluster.event(
    deployment,
    'Normal',
    'ScalingReplicaSet',
    `Scaled ${replicas > before ? 'up' : 'down'} replica set ${
      set.metadata.name
    } to ${replicas}`,
  );
}

function removeHistory(
  cluster: Cluster,
  deployment: KubeObject,
  oldSets: KubeObject[],
): void {
  // By when they were made, not by their numbers.
  const idle = oldSets
    .filter(set => set.spec.replicas === 0 && !set.status.replicas)
    .sort((a, b) => a.simulated.order - b.simulated.order);
  idle
    .slice(0, Math.max(0, idle.length - deployment.spec.revisionHistoryLimit))
    .forEach(set => cluster.store.remove(set));
}

function saveRollout(
  cluster: Cluster,
  deployment: KubeObject,
  newSet: KubeObject,
): void {
  const { namespace, name } = deployment.metadata;
  const sets = cluster.store
    .list('ReplicaSet', namespace)
    .filter(set => isOwnedBy(set, deployment));
  const fresh = sets.find(set => set.metadata.uid === newSet.metadata.uid);
  const latest = cluster.store.get('Deployment', namespace, name);
  const status = calculateStatus(latest, sets, fresh);
  addRolloutConditions(cluster, latest, status, sets, fresh);
  saveStatus(cluster, latest, status);
}

function saveStatus(
  cluster: Cluster,
  deployment: KubeObject,
  status: any,
): void {
  cluster.store.update({ ...deployment, status: withoutZeros(status) });
}
