export { createGithubEnvironmentsAction } from './githubEnvironments';
export { createPipelineGenerateAction } from './pipelineGenerate';
export { createPipelineImportAction } from './pipelineImport';
export { createPipelineValidateAction } from './pipelineValidate';
export { createServiceAddAction } from './serviceAdd';
