export { createContainerAppTarget } from './ContainerAppTarget';
export type { ContainerAppSpec, ContainerAppTimings } from './types';
