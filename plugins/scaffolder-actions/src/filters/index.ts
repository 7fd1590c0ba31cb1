export { deployRepoUrlFilter } from './deployRepoUrl';
export { deployServiceFilter } from './deployService';
