export * from './assignVoices';
export * from './movePromotion';
export * from './newPromotion';
export * from './planSupersede';
export * from './policy';
export * from './seenBy';
export * from './types';
export * from './validatePolicy';
