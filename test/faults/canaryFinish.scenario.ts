import { canaryScenario } from './canaryScenario';

export const scenario = canaryScenario('finish', false);
