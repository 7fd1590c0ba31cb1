export * from './PromotionPanel';
