export * from './connections';
export * from './DeployTarget';
export * from './TargetError';
