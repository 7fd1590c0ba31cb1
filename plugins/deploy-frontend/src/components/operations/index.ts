export * from './ActionFailure';
export * from './ActionMenu';
export * from './actions';
export * from './EnvironmentNotes';
export * from './OperationLabel';
export * from './ReasonDialog';
export * from './RolledBackLine';
