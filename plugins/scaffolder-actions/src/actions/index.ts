export { createGithubEnvironmentsAction } from './githubEnvironments';
export { createPipelineGenerateAction } from './pipelineGenerate';
export { createPipelineValidateAction } from './pipelineValidate';
export { createServiceAddAction } from './serviceAdd';
