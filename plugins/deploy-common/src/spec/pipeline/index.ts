/**
 * Pieces of `deploy.yaml` that only generated workflows are made of; the portal reads past them. What both need,
 * such as a target or a gate, stands where it always did.
 */

export * from './deploySchema';
export * from './imageSchema';
export * from './pipelineSchema';
export * from './testSchemas';
export * from './stageSchema';
