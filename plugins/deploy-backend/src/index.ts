/**
 * Tracks what runs where: deployments, releases and environments of every catalog entity.
 *
 * @packageDocumentation
 */
export { deployPlugin as default } from './plugin';
export { deployEventsModule } from './ingest/eventsModule';
export {
  createDeployConditionalDecision,
  deployConditions,
} from './permissions/conditions';
export {
  deployEnvironmentResourceRef,
  hasEnvironmentName,
  hasEnvironmentTier,
  isServiceOwner,
} from './permissions/rules';
