export * from './formatSpecFindings';
export * from './parsePipelineSpec';
export * from './schema';
export * from './selectService';
export * from './types';
