export * from './availability';
export * from './plugin';
