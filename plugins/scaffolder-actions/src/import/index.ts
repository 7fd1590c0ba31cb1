export { formatImportReport } from './report/formatImportReport';
export { importWorkflows } from './importWorkflows';
export type { ImportOptions, ImportResult } from './importWorkflows';
export { UNKNOWN_KEYS } from './report/openKeys';
export type { Disposition, ImportItem, ImportReport, OpenKey } from './types';
