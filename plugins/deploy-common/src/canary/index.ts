export * from './canaryTodo';
export * from './countErrors';
export * from './moveCanary';
export { readLevel } from './readLevel';
export * from './toCanary';
export * from './types';
