export * from './PromotionsCard';
