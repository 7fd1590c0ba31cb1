export * from './GateChip';
export * from './GateList';
export * from './GateStateLabel';
