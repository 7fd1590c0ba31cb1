export { KubernetesSimulator } from './KubernetesSimulator';
export type {
  Fate,
  KubernetesSimulatorOptions,
  LoggedRequest,
} from './KubernetesSimulator';
export { OpenApiValidator } from './validation/OpenApiValidator';
