import { JsonPatch } from '../api/KubernetesApi';
import { RESTARTED_AT } from '../model/releases';
import { PodTemplate, Workload, WorkloadKind } from '../model/types';

/** Annotation that says which run of which operation changed the workload last. */
export const OPERATION_ANNOTATION = 'deploy.vvp.io/operation';

const CHANGE_CAUSE = 'kubernetes.io/change-cause';
/** Annotations that stay the workload's own, as in `kubectl rollout undo`. */
const KEPT = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
  OPERATION_ANNOTATION,
]);

/** Who changes it. */
export interface Author {
  operationId: string;
  fence: number;
}

/** What is to become of a workload. */
export interface Change {
  template: PodTemplate;
  /** Annotations of the revision that comes back. */
  annotations?: Record<string, string>;
  /** Absent: as it is. Deployments only. */
  paused?: boolean;
  /** A template that differs by a restart only is as good. */
  orRestarted?: boolean;
}

/**
 * Puts a template in, and nothing else: the API server refuses the patch (409) if the workload has changed
 * since it was read. Replicas are never touched.
 */
export function changePatch(
  kind: WorkloadKind,
  workload: Workload,
  change: Change,
  author: Author,
): JsonPatch {
  const annotations = {
    ...restoredAnnotations(
      kind,
      workload.metadata?.annotations ?? {},
      change.annotations,
    ),
    [OPERATION_ANNOTATION]: `${author.operationId}:${author.fence}`,
  };
  const resourceVersion = workload.metadata?.resourceVersion ?? '';
  return [
    {
      op: 'replace',
      path: '/metadata/resourceVersion',
      value: resourceVersion,
    },
    // Also right where there are none yet: "add" replaces what is there.
    { op: 'add', path: '/metadata/annotations', value: annotations },
    { op: 'replace', path: '/spec/template', value: change.template },
    ...(change.paused === undefined
      ? []
      : [{ op: 'add' as const, path: '/spec/paused', value: change.paused }]),
  ];
}

/**
 * Of a Deployment all annotations come back that its ReplicaSet remembers, as with kubectl; the other
 * kinds remember the change cause only.
 */
function restoredAnnotations(
  kind: WorkloadKind,
  now: Record<string, string>,
  then: Record<string, string> | undefined,
): Record<string, string> {
  if (!then) {
    return now;
  }
  if (kind !== 'Deployment') {
    const { [CHANGE_CAUSE]: _cause, ...others } = now;
    return CHANGE_CAUSE in then
      ? { ...others, [CHANGE_CAUSE]: then[CHANGE_CAUSE] }
      : others;
  }
  return Object.fromEntries([
    ...Object.entries(then).filter(([name]) => !KEPT.has(name)),
    ...Object.entries(now).filter(([name]) => KEPT.has(name)),
  ]);
}

/** The same template, made to differ by when it was restarted. */
export function restartedTemplate(
  template: PodTemplate,
  restartedAt: string,
): PodTemplate {
  return {
    ...template,
    metadata: {
      ...template.metadata,
      annotations: {
        ...template.metadata?.annotations,
        [RESTARTED_AT]: restartedAt,
      },
    },
  };
}

/** Fence of the process that changed the workload last, if it worked for the same operation. */
export function fenceOf(
  workload: Workload,
  operationId: string,
): number | undefined {
  const mark = workload.metadata?.annotations?.[OPERATION_ANNOTATION] ?? '';
  const colon = mark.lastIndexOf(':');
  const fence = Number(mark.slice(colon + 1));
  return mark.slice(0, colon) === operationId && Number.isInteger(fence)
    ? fence
    : undefined;
}
