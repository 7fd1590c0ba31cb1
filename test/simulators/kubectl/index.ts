export * from './Kubectl';
export * from './ClusterFront';
