/**
 * Amazon ECS as a target of the deploy plugin.
 *
 * @packageDocumentation
 */
export { deployModuleAws as default } from './module';
export {
  EcsTarget,
  type EcsSpec,
  type EcsTargetOptions,
} from './ecs/EcsTarget';
export {
  readAwsConnections,
  readPollMilliseconds,
  type AwsConnection,
} from './connections';
