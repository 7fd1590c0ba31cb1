/**
 * What other backend code builds on: extension points, the facts that event sources bring, and the interface of targets.
 *
 * @packageDocumentation
 */
export * from './events';
export * from './extensions';
export * from './targets';
