import { createConditionExports } from '@backstage/plugin-permission-node';
import {
  deployEnvironmentResourceRef,
  hasEnvironmentName,
  hasEnvironmentTier,
  isServiceOwner,
} from './rules';

const { conditions, createConditionalDecision } = createConditionExports({
  resourceRef: deployEnvironmentResourceRef,
  rules: { isServiceOwner, hasEnvironmentTier, hasEnvironmentName },
});

/**
 * The rules of `deploy-environment` as conditions, for a permission policy:
 * `deployConditions.isServiceOwner({ claims })`.
 *
 * @public
 */
export const deployConditions = conditions;

/**
 * A decision of a permission policy that depends on the environment: for permissions of the type
 * `deploy-environment`.
 *
 * @public
 */
export const createDeployConditionalDecision = createConditionalDecision;
