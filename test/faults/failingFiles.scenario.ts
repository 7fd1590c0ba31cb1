import { filesScenario } from './files.scenario';

export const scenario = filesScenario(true);
