import { KubeObject } from '../api/objects';
import { now } from '../api/Store';
import { Cluster, LogLine, ownerReference } from './Cluster';

const MAX_RESTARTS_SHOWN = 5;

/** Creates a pod; says why if the namespace's quota is used up. */
export function createPod(
  cluster: Cluster,
  owner: KubeObject,
  pod: {
    name: string;
    template: any;
    labels: Record<string, string>;
    node?: string;
  },
): string | undefined {
  const { namespace } = owner.metadata;
  const limit = cluster.quotas.get(namespace);
  const used = cluster.store.list('Pod', namespace).length;
  if (limit !== undefined && used >= limit) {
    return `pods "${pod.name}" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=${used}, limited: pods=${limit}`;
  }
  const { metadata, spec } = pod.template;
  cluster.store.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: pod.name,
      namespace,
      labels: { ...metadata.labels, ...pod.labels },
      ...(metadata.annotations && { annotations: metadata.annotations }),
      ownerReferences: [ownerReference(owner)],
    },
    spec: { ...spec, ...(pod.node && { nodeName: pod.node }) },
    status: { phase: 'Pending', qosClass: 'BestEffort' },
    simulated: { since: Date.now(), stage: 0 },
  });
  return undefined;
}

/** Scheduler and kubelet: lets a pod go on when it is due. */
export function advancePod(cluster: Cluster, pod: KubeObject): void {
  const { stage, since } = pod.simulated;
  if (
    pod.metadata.deletionTimestamp ||
    Date.now() - since < cluster.options.startMs ||
    (stage === 0 && cluster.holdsBack(pod))
  ) {
    return;
  }
  const container = pod.spec.containers[0];
  const fate = cluster.fateOf(container.image);
  const status = statusOf(pod, fate, stage);
  if (status === undefined) return;
  const node = pod.spec.nodeName ?? cluster.options.nodes[0];
  cluster.store.update({
    ...pod,
    spec: fate === 'unschedulable' ? pod.spec : { ...pod.spec, nodeName: node },
    status,
    simulated: { since: Date.now(), stage: stage + 1 },
  });
  report(cluster, pod, fate);
}

/** The next state; `undefined` once there is none. */
function statusOf(
  pod: KubeObject,
  fate: string,
  stage: number,
): any | undefined {
  const isOver = fate === 'crash' ? stage > MAX_RESTARTS_SHOWN : stage > 0;
  if (isOver) return undefined;
  if (fate === 'unschedulable') {
    return {
      phase: 'Pending',
      qosClass: 'BestEffort',
      conditions: [
        condition('PodScheduled', false, {
          reason: 'Unschedulable',
          message: '0/2 nodes are available: 2 Insufficient cpu.',
        }),
      ],
    };
  }
  const ready = fate === 'ready';
  const runs = ready || fate === 'unready' || fate === 'crash';
  const containerStatuses = pod.spec.containers.map((container: any) => ({
    name: container.name,
    image: container.image,
    imageID: runs ? `docker-pullable://${container.image}` : '',
    ready,
    restartCount: fate === 'crash' ? stage : 0,
    ...stateOf(container.image, fate, stage),
  }));
  const because = ready
    ? {}
    : {
        reason: 'ContainersNotReady',
        message: `containers with unready status: [${pod.spec.containers
          .map((container: any) => container.name)
          .join(' ')}]`,
      };
  return {
    phase: runs ? 'Running' : 'Pending',
    qosClass: 'BestEffort',
    conditions: [
      condition('Initialized', true),
      condition('Ready', ready, because),
      condition('ContainersReady', ready, because),
      condition('PodScheduled', true),
    ],
    containerStatuses,
    startTime: pod.metadata.creationTimestamp,
  };
}

function condition(
  type: string,
  isTrue: boolean,
  because: { reason?: string; message?: string } = {},
) {
  return {
    type,
    status: isTrue ? 'True' : 'False',
    lastProbeTime: null,
    lastTransitionTime: now(),
    ...because,
  };
}

function stateOf(image: string, fate: string, stage: number): any {
  const at = now();
  switch (fate) {
    case 'never-pull':
      return {
        state: {
          waiting: {
            reason: 'ImagePullBackOff',
            message: `Back-off pulling image "${image}"`,
          },
        },
        lastState: {},
      };
    case 'no-config':
      return {
        state: {
          waiting: {
            reason: 'CreateContainerConfigError',
            message: 'configmap "settings" not found',
          },
        },
        lastState: {},
      };
    case 'crash': {
      const terminated = {
        exitCode: 3,
        reason: 'Error',
        startedAt: at,
        finishedAt: at,
      };
      return stage === 0
        ? { state: { terminated }, lastState: {} }
        : {
            state: {
              waiting: {
                reason: 'CrashLoopBackOff',
                message: 'back-off 10s restarting failed container',
              },
            },
            lastState: { terminated },
          };
    }
    default:
      return { state: { running: { startedAt: at } }, lastState: {} };
  }
}

function report(cluster: Cluster, pod: KubeObject, fate: string): void {
  const { image } = pod.spec.containers[0];
  switch (fate) {
    case 'never-pull':
      cluster.event(
        pod,
        'Warning',
        'Failed',
        `Failed to pull image "${image}": manifest unknown`,
      );
      break;
    case 'crash':
      cluster.event(
        pod,
        'Warning',
        'BackOff',
        'Back-off restarting failed container',
      );
      break;
    case 'unschedulable':
      cluster.event(
        pod,
        'Warning',
        'FailedScheduling',
        '0/2 nodes are available: 2 Insufficient cpu.',
      );
      break;
    case 'unready':
      cluster.event(
        pod,
        'Warning',
        'Unhealthy',
        'Readiness probe failed: HTTP probe failed with statuscode: 503',
      );
      break;
    default:
  }
}

/** What its container wrote. */
export function logOf(cluster: Cluster, pod: KubeObject): LogLine[] {
  const { image, name } = pod.spec.containers[0];
  const texts =
    cluster.fateOf(image) === 'crash'
      ? ['cannot reach the database: password=hunter2 refused', 'ends with 3']
      : ['listening on 8080'];
  const at = pod.metadata.creationTimestamp.replace('Z', '.000000000Z');
  return (
    cluster.logs.get(pod.metadata.name) ??
    [`${name} ${image} starts`, ...texts].map(text => ({ at, text }))
  );
}
