export * from './palette';
export * from './StackedChart';
export * from './TrendChart';
