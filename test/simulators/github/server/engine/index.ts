export * from './deployments';
export * from './pushes';
export * from './reruns';
export * from './RunPlayer';
export * from './startRuns';
