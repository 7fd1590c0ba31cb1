export * from './CanaryChip';
export * from './CanaryLabel';
export * from './CanarySection';
