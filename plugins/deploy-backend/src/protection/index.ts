export * from './assembleProtection';
export * from './ProtectionCallbacks';
export * from './reviewPending';
export * from './RunReviews';
export * from './types';
