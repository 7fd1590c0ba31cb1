export { redact, redactUnless } from './redact';
export type { SecretLooks } from './redact';
