import { ecsScenario } from './ecsScenario';

export const scenario = ecsScenario({ strategy: 'BLUE_GREEN' }, true);
