export * from './compareConfiguration';
export * from './configurationFiles';
export type { DescribedService } from './types';
