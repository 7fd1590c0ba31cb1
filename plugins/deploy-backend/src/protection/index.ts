export * from './assembleProtection';
export * from './ProtectionCallbacks';
export * from './reviewPending';
export * from './types';
