import { containerAppScenario } from './azureContainerAppScenario';

export const scenario = containerAppScenario('Single', true);
