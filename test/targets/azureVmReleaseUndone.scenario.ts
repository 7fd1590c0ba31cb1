import { azureVmScenario } from './azureVmScenario';

export const scenario = azureVmScenario('release', true);
