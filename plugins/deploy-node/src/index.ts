/**
 * What other backend code builds on: extension points and the facts that event sources bring.
 *
 * @packageDocumentation
 */
export * from './events';
export * from './extensions';
