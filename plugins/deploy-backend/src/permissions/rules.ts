import {
  createPermissionResourceRef,
  createPermissionRule,
} from '@backstage/plugin-permission-node';
import {
  environmentTiers,
  RESOURCE_TYPE_DEPLOY_ENVIRONMENT,
} from '@vvp/backstage-plugin-deploy-common';
import { z } from 'zod';

/** An environment of a service, as far as permissions go. */
export interface EnvironmentResource {
  /** Entity ref of the service's owner. */
  owner?: string;
  /** Absent for a service that has no environment yet. */
  tier?: string;
  name?: string;
}

/** One condition on an environment, to be applied in SQL. */
export interface EnvironmentCondition {
  property: keyof EnvironmentResource;
  values: readonly string[];
}

/** @public */
export const deployEnvironmentResourceRef = createPermissionResourceRef<
  EnvironmentResource,
  EnvironmentCondition
>().with({
  pluginId: 'deploy',
  resourceType: RESOURCE_TYPE_DEPLOY_ENVIRONMENT,
});

/** Allows environments of services that one of the claims owns. @public */
export const isServiceOwner = createPermissionRule({
  name: 'IS_SERVICE_OWNER',
  description: 'Allow environments of services owned by one of these',
  resourceRef: deployEnvironmentResourceRef,
  paramsSchema: z.object({
    claims: z
      .array(z.string())
      .describe(
        'Entity refs of users and groups, of which one has to own the service',
      ),
  }),
  apply: (resource, { claims }) =>
    resource.owner !== undefined && claims.includes(resource.owner),
  toQuery: ({ claims }) => ({ property: 'owner', values: claims }),
});

/** Allows environments of some tiers. @public */
export const hasEnvironmentTier = createPermissionRule({
  name: 'HAS_ENVIRONMENT_TIER',
  description: 'Allow environments of these tiers',
  resourceRef: deployEnvironmentResourceRef,
  paramsSchema: z.object({
    tiers: z.array(z.enum([...environmentTiers])).describe('Tiers to match'),
  }),
  apply: (resource, { tiers }) => tiers.some(tier => tier === resource.tier),
  toQuery: ({ tiers }) => ({ property: 'tier', values: tiers }),
});

/** Allows environments of some names. @public */
export const hasEnvironmentName = createPermissionRule({
  name: 'HAS_ENVIRONMENT_NAME',
  description: 'Allow environments of these names',
  resourceRef: deployEnvironmentResourceRef,
  paramsSchema: z.object({
    names: z.array(z.string()).describe('Names to match'),
  }),
  apply: (resource, { names }) =>
    resource.name !== undefined && names.includes(resource.name),
  toQuery: ({ names }) => ({ property: 'name', values: names }),
});

export const environmentRules = [
  isServiceOwner,
  hasEnvironmentTier,
  hasEnvironmentName,
];
