export { NODE, NodePrograms } from './NodePrograms';
