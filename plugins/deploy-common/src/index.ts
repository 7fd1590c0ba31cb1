/**
 * What the deploy plugins share: words, the `deploy.yaml` schema and parser, permissions and pure decisions.
 *
 * @packageDocumentation
 */
export * from './admission';
export * from './annotations';
export * from './api';
export * from './canary';
export * from './configuration';
export * from './gates';
export * from './model';
export * from './permissions';
export * from './promotion';
export * from './readiness';
export * from './redact';
export * from './spec';
