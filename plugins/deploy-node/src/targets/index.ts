export * from './connections';
export * from './DeployTarget';
export * from './image';
export * from './TargetError';
