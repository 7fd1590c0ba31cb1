import { kubernetesScenario } from './kubernetesScenario';

export const scenario = kubernetesScenario(false);
