import { azureVmScenario } from './azureVmScenario';

export const scenario = azureVmScenario('configFile', false);
