export * from './types';
export * from './admit';
