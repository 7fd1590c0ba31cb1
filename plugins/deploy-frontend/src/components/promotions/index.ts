export * from './ConditionList';
export * from './ConfigurationChanges';
export * from './People';
export * from './PromotionHistory';
export * from './PromotionLabel';
export * from './ReadinessSummary';
export * from './Voices';
export * from './IncomingChanges';
