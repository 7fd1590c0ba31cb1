export * from './formatValidationReport';
export * from './GithubSimulator';
export * from './loopbackRequest';
export * from './startGithubSimulator';
export * from './types';
