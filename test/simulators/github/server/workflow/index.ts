export * from './asText';
export * from './definition';
export * from './expressions';
export * from './matrix';
export * from './pathsFilter';
export * from './triggers';
