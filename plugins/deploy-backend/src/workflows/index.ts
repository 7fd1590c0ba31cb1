export { createGithubWorkflowTarget } from './GithubWorkflowTarget';
export { runsInFlight, sameRunServices } from './pipelineRuns';
export { loadFailedRun } from './failedRun';
export type { AlsoDeployed, FailedRun } from './failedRun';
export { WorkflowsRunner } from './WorkflowsRunner';
export type { WorkflowsStepInput } from './WorkflowsRunner';
export type { LeftBehind } from './leftBehind';
