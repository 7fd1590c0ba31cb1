import { githubWorkflowScenario } from './githubWorkflowScenario';

export const scenario = githubWorkflowScenario(true);
