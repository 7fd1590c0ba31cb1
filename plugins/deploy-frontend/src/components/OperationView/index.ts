export * from './OperationView';
