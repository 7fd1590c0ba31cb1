export { generatePipeline, SCRIPTS } from './generatePipeline';
export type { Materials } from './generatePipeline';
export { isEdited, readHeader } from './header';
export type { GeneratedFile, Job, Step, Workflow } from './model';
export { planPipeline } from './plan';
export type { PipelinePlan, PlanProblem } from './plan';
export { subjectsOf } from './trust';
export type { Subject } from './trust';
export { ROLE_FILES, TRUST_FOLDERS, trustLeftOver } from './trustLeftOver';
