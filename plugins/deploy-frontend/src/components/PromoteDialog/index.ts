export * from './PromoteDialog';
