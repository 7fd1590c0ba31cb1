export * from './loadExamples';
export * from './playHistory';
