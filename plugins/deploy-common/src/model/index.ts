export * from './deployment';
export * from './environment';
export * from './service';
