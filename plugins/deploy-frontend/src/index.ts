/**
 * Deployments on every service page: what runs in each environment, and its history.
 *
 * @packageDocumentation
 */
export { deployApiRef } from './api';
export { PromotionsSidebarItem } from './components/PromotionsSidebarItem';
export * from './legacy';
export { deployFrontendPlugin as default } from './plugin';
