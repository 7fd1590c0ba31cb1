export * from './FreezesPage';
export * from './FreezesPageContent';
