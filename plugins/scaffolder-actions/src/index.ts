/**
 * Generates and checks the CI/CD pipelines of services.
 *
 * @packageDocumentation
 */
export * from './generate';
export * from './lint';
