/**
 * What every target is tested with.
 *
 * @packageDocumentation
 */
export * from './targets/testing';
