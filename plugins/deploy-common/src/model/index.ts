export * from './deployment';
export * from './environment';
export * from './service';
export * from './evidence';
export * from './gate';
export * from './trends';
