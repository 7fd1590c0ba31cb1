/**
 * Checks the CI/CD pipelines of services.
 *
 * @packageDocumentation
 */
export * from './lint';
