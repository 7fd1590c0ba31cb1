export * from './deployments';
export * from './players';
export * from './protection';
export * from './pulls';
export * from './pushes';
export * from './reruns';
export * from './RunPlayer';
export * from './startRuns';
