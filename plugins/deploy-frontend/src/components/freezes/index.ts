export * from './FreezeBanner';
