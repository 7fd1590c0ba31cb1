export * from './formatSpecFindings';
export * from './gatesOf';
export * from './parsePipelineSpec';
export * from './readGateSettings';
export * from './schema';
export * from './selectService';
export * from './types';
