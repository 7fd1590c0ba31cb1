export { AwsCli } from './AwsCli';
export type { Invocation } from './AwsCli';
