export * from './PromotionsPage';
export * from './PromotionsPageContent';
