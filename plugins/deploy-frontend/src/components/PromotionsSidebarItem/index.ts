export * from './PromotionsSidebarItem';
