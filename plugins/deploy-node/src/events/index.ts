export * from './DeployEventSource';
export * from './facts';
