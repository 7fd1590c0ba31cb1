export { createGithubWorkflowTarget } from './GithubWorkflowTarget';
export { runsInFlight, sameRunServices } from './pipelineRuns';
export { WorkflowsRunner } from './WorkflowsRunner';
export type { WorkflowsStepInput } from './WorkflowsRunner';
