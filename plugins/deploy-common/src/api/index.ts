export * from './DeployApi';
export * from './DeployClient';
