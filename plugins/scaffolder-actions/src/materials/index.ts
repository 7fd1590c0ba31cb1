export { planSpec, planText } from './planText';
export type { PlannedFiles } from './planText';
export { readMaterials, readScripts } from './readMaterials';
