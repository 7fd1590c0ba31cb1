export type { Finding } from './Finding';
export { formatFindings } from './formatFindings';
export type { WorkflowFile } from './inspect/inspect';
export { lintWorkflows } from './lintWorkflows';
export type { LintOptions } from './lintWorkflows';
export { LintToolError } from './LintToolError';
