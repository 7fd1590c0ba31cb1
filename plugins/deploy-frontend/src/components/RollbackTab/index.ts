export * from './RollbackTab';
