export * from './RollbackDialog';
