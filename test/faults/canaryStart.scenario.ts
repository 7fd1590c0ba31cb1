import { canaryScenario } from './canaryScenario';

export const scenario = canaryScenario('start', false);
