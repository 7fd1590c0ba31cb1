/**
 * Kubernetes workloads as targets of the deploy plugin.
 *
 * @packageDocumentation
 */
export { deployModuleKubernetes as default } from './module';
export { KubernetesTarget } from './KubernetesTarget';
export type { KubernetesSpec } from './KubernetesTarget';
export { readConnections } from './connection/readConnections';
export type {
  ClusterAccess,
  KubernetesConnection,
} from './connection/readConnections';
export type { Patience } from './steps/awaitRollout';
