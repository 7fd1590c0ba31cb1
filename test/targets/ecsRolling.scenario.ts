import { ecsScenario } from './ecsScenario';

export const scenario = ecsScenario({ strategy: 'ROLLING' }, false);
