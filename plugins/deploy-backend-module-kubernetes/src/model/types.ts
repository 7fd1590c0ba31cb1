/*
 * What is read of the platform's answers. All of it may be missing: nothing that an API server says is
 * taken for granted. The objects are kept as they came, since the SDK's own models drop fields that they
 * do not know, and a pod template has to be put back whole.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/
 */

export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet';

export interface ObjectMeta {
  name?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { uid?: string; controller?: boolean }[];
}

export interface EnvironmentVariable {
  name?: string;
  value?: string;
  valueFrom?: {
    secretKeyRef?: { name?: string; key?: string };
    configMapKeyRef?: { name?: string; key?: string };
  };
}

export interface Container {
  name?: string;
  image?: string;
  env?: EnvironmentVariable[];
  envFrom?: {
    configMapRef?: { name?: string };
    secretRef?: { name?: string };
  }[];
}

export interface Volume {
  name?: string;
  configMap?: { name?: string };
  secret?: { secretName?: string };
  persistentVolumeClaim?: { claimName?: string };
  projected?: {
    sources?: { configMap?: { name?: string }; secret?: { name?: string } }[];
  };
}

export interface PodTemplate {
  metadata?: ObjectMeta;
  spec?: {
    containers?: Container[];
    initContainers?: Container[];
    volumes?: Volume[];
    imagePullSecrets?: { name?: string }[];
  };
}

export interface Condition {
  type?: string;
  status?: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  lastUpdateTime?: string;
}

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key?: string; operator?: string; values?: string[] }[];
}

export interface Workload {
  metadata?: ObjectMeta;
  spec?: {
    replicas?: number;
    paused?: boolean;
    selector?: LabelSelector;
    template?: PodTemplate;
    progressDeadlineSeconds?: number;
    revisionHistoryLimit?: number;
    podManagementPolicy?: string;
    /** Of a Deployment. */
    strategy?: { type?: string };
    /** Of the other kinds. */
    updateStrategy?: {
      type?: string;
      rollingUpdate?: { partition?: number };
    };
  };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    currentRevision?: string;
    updateRevision?: string;
    desiredNumberScheduled?: number;
    updatedNumberScheduled?: number;
    numberReady?: number;
    numberAvailable?: number;
    conditions?: Condition[];
  };
}

/** A ReplicaSet or a ControllerRevision. */
export interface RevisionObject {
  metadata?: ObjectMeta;
  /** Of a ReplicaSet. */
  spec?: { template?: PodTemplate };
  status?: { conditions?: Condition[] };
  /** Of a ControllerRevision. */
  revision?: number;
  data?: { spec?: { template?: PodTemplate & { $patch?: string } } };
}

export interface ContainerState {
  waiting?: { reason?: string; message?: string };
  running?: { startedAt?: string };
  terminated?: { exitCode?: number; reason?: string; message?: string };
}

export interface ContainerStatus {
  name?: string;
  ready?: boolean;
  image?: string;
  imageID?: string;
  restartCount?: number;
  state?: ContainerState;
  lastState?: ContainerState;
}

export interface Pod {
  metadata?: ObjectMeta;
  status?: {
    phase?: string;
    reason?: string;
    message?: string;
    conditions?: Condition[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
  };
}

export interface ClusterEvent {
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  firstTimestamp?: string;
  lastTimestamp?: string;
  eventTime?: string;
  involvedObject?: { kind?: string; name?: string };
}

/** A workload's revision, the same for all kinds. */
export interface WorkloadRevision {
  /** Name of the ReplicaSet or ControllerRevision; unlike its number it stays the same after an undo. */
  name: string;
  uid: string;
  /** Counts up; the highest one is what was put in last. */
  number: number;
  createdAt?: string;
  /** As the workload's own, without the hash that the controller adds. */
  template: PodTemplate;
  annotations: Record<string, string>;
  labels: Record<string, string>;
  conditions: Condition[];
}
