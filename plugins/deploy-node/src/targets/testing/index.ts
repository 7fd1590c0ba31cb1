export * from './describeTarget';
export * from './drivePlan';
export * from './TargetHarness';
