import { equalTemplates, withoutHash } from './equalTemplates';
import {
  ObjectMeta,
  Pod,
  RevisionObject,
  Workload,
  WorkloadKind,
  WorkloadRevision,
} from './types';

const NUMBER_ANNOTATION = 'deployment.kubernetes.io/revision';
const HASH_LABEL = 'controller-revision-hash';

/** Whether the controller of this workload made the object. */
export function isOwnedBy(
  meta: ObjectMeta | undefined,
  ownerUid: string | undefined,
): boolean {
  return (
    ownerUid !== undefined &&
    (meta?.ownerReferences ?? []).some(
      owner => owner.controller === true && owner.uid === ownerUid,
    )
  );
}

/** The workload's own revisions, newest first. */
export function revisionsOf(
  kind: WorkloadKind,
  workload: Workload,
  objects: readonly RevisionObject[],
): WorkloadRevision[] {
  return objects
    .filter(object => isOwnedBy(object.metadata, workload.metadata?.uid))
    .map(object => toRevision(kind, object))
    .filter((revision): revision is WorkloadRevision => revision !== undefined)
    .sort((a, b) => b.number - a.number || (a.name < b.name ? -1 : 1));
}

function toRevision(
  kind: WorkloadKind,
  object: RevisionObject,
): WorkloadRevision | undefined {
  const { name, uid, annotations, labels, creationTimestamp } =
    object.metadata ?? {};
  const isDeployment = kind === 'Deployment';
  const template = isDeployment
    ? object.spec?.template
    : templateIn(object.data);
  const number = isDeployment
    ? Number(annotations?.[NUMBER_ANNOTATION])
    : Number(object.revision);
  if (!name || !uid || !template || !Number.isFinite(number)) {
    return undefined;
  }
  return {
    name,
    uid,
    number,
    createdAt: creationTimestamp,
    template: withoutHash(template),
    annotations: annotations ?? {},
    labels: labels ?? {},
    conditions: object.status?.conditions ?? [],
  };
}

/** A ControllerRevision holds the patch that brings its template back. */
function templateIn(data: RevisionObject['data']) {
  const { $patch: _directive, ...template } = data?.spec?.template ?? {};
  return Object.keys(template).length === 0 ? undefined : template;
}

/**
 * The revision of the template that the workload has now; `undefined` while its controller has not yet
 * made one of it. Of equal ones, which only a race between controllers makes, the newest.
 */
export function currentRevisionOf(
  workload: Workload,
  revisions: readonly WorkloadRevision[],
): WorkloadRevision | undefined {
  const template = workload.spec?.template ?? {};
  return revisions.find(revision =>
    equalTemplates(revision.template, template),
  );
}

/** Whether the pod was made from the revision. */
export function isPodOf(pod: Pod, revision: WorkloadRevision): boolean {
  const hash = pod.metadata?.labels?.[HASH_LABEL];
  return (
    isOwnedBy(pod.metadata, revision.uid) ||
    (hash !== undefined &&
      (hash === revision.name || hash === revision.labels[HASH_LABEL]))
  );
}

/** The pods that belong to the workload, by owner and not by labels only. */
export function podsOf(
  workload: Workload,
  revisions: readonly WorkloadRevision[],
  pods: readonly Pod[],
): Pod[] {
  const owners = [
    workload.metadata?.uid,
    ...revisions.map(revision => revision.uid),
  ];
  return pods.filter(pod =>
    owners.some(owner => isOwnedBy(pod.metadata, owner)),
  );
}
