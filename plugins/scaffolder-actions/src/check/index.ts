export { compareWorkflows, newerActions } from './compareWorkflows';
