export { compareWorkflows } from './compareWorkflows';
