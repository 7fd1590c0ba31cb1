import {
  Condition,
  ContainerState,
  ContainerStatus,
  Pod,
  Workload,
  WorkloadRevision,
} from '../model/types';

/** Why pods do not come up. */
export interface Trouble {
  /** As the platform calls it, such as `ImagePullBackOff`. */
  reason: string;
  message?: string;
  /** The pod or object it is about. */
  source: string;
  container?: string;
  /** It does not go away by waiting: the same pods will not come up. */
  lasting: boolean;
}

const LASTING = new Set([
  'ErrImageNeverPull',
  'ImagePullBackOff',
  'InvalidImageName',
  'CrashLoopBackOff',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'FailedCreate',
]);
const WAITING_FOR_ITS_TURN = new Set(['ContainerCreating', 'PodInitializing']);

/** `ImagePullBackOff in api-1 (container app): manifest unknown`. */
export function formatTrouble(trouble: Trouble): string {
  const container = trouble.container
    ? ` (container ${trouble.container})`
    : '';
  const message = trouble.message ? `: ${trouble.message}` : '';
  return `${trouble.reason} in ${trouble.source}${container}${message}`;
}

/** What is wrong, what lasts first; at most one per pod. */
export function troublesOf(
  workload: Workload,
  revision: WorkloadRevision | undefined,
  pods: readonly Pod[],
): Trouble[] {
  const found = [
    ...failedCreation(workload, revision),
    ...pods
      .map(troubleOfPod)
      .filter((trouble): trouble is Trouble => trouble !== undefined),
  ];
  return found.sort((a, b) => Number(b.lasting) - Number(a.lasting));
}

/** Quota, limit ranges and admission: the pods are not even made. */
function failedCreation(
  workload: Workload,
  revision: WorkloadRevision | undefined,
): Trouble[] {
  const failure = [
    ...(revision?.conditions ?? []),
    ...(workload.status?.conditions ?? []),
  ].find(
    condition =>
      condition.type === 'ReplicaFailure' && condition.status === 'True',
  );
  return failure
    ? [
        {
          reason: failure.reason ?? 'ReplicaFailure',
          message: clip(failure.message),
          source: revision?.name ?? workload.metadata?.name ?? 'the workload',
          lasting: true,
        },
      ]
    : [];
}

export function troubleOfPod(pod: Pod): Trouble | undefined {
  if (pod.metadata?.deletionTimestamp) {
    return undefined;
  }
  const source = pod.metadata?.name ?? 'a pod';
  const { status = {} } = pod;
  const containers = [
    ...(status.initContainerStatuses ?? []),
    ...(status.containerStatuses ?? []),
  ];
  for (const container of containers) {
    const trouble = troubleOfContainer(container, source);
    if (trouble) {
      return trouble;
    }
  }
  if (status.phase === 'Failed') {
    return {
      reason: status.reason ?? 'Failed',
      message: clip(status.message),
      source,
      lasting: false,
    };
  }
  return unscheduled(status.conditions, source) ?? unready(pod, source);
}

function troubleOfContainer(
  status: ContainerStatus,
  source: string,
): Trouble | undefined {
  const { waiting, terminated } = status.state ?? {};
  const where = { source, container: status.name };
  if (waiting?.reason && !WAITING_FOR_ITS_TURN.has(waiting.reason)) {
    const exit =
      waiting.reason === 'CrashLoopBackOff'
        ? exitOf(status.lastState)
        : undefined;
    return {
      ...where,
      reason: waiting.reason,
      message: exit ?? clip(waiting.message),
      lasting: LASTING.has(waiting.reason),
    };
  }
  if (terminated && terminated.exitCode !== 0) {
    return {
      ...where,
      reason: terminated.reason ?? 'Error',
      message: exitOf(status.state),
      lasting: false,
    };
  }
  return undefined;
}

function exitOf(state: ContainerState | undefined): string | undefined {
  const code = state?.terminated?.exitCode;
  if (code === undefined) {
    return undefined;
  }
  const reason = state?.terminated?.reason;
  const why = reason && reason !== 'Error' ? ` (${reason})` : '';
  return `it ends with exit code ${code}${why}`;
}

function unscheduled(
  conditions: Condition[] | undefined,
  source: string,
): Trouble | undefined {
  const condition = conditions?.find(
    ({ type, status }) => type === 'PodScheduled' && status === 'False',
  );
  return condition
    ? {
        reason: condition.reason ?? 'Unschedulable',
        message: clip(condition.message),
        source,
        // A node may come, also one that an autoscaler brings.
        lasting: false,
      }
    : undefined;
}

function unready(pod: Pod, source: string): Trouble | undefined {
  const late = pod.status?.containerStatuses?.find(
    status => status.state?.running && !status.ready,
  );
  return late
    ? {
        reason: 'NotReady',
        message: 'it runs, but is not ready',
        source,
        container: late.name,
        lasting: false,
      }
    : undefined;
}

function clip(text: string | undefined): string | undefined {
  return text?.replace(/\s+/g, ' ').trim().slice(0, 300) || undefined;
}
