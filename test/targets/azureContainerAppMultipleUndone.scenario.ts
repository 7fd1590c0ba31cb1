import { containerAppScenario } from './azureContainerAppScenario';

export const scenario = containerAppScenario('Multiple', true);
