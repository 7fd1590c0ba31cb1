export * from './startAwsSimulator';
export type { RequestRecord } from './http/AwsBackend';
export type { Credential } from './http/signature';
export type { NewService, Place } from './ecs/World';
export type { Role } from './sts/assumeRole';
export { Ledger, type ValidationReport } from './model/Ledger';
