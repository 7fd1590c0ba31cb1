import { Config } from '@backstage/config';
import {
  EnvironmentTier,
  environmentTiers,
} from '@vvp/backstage-plugin-deploy-common';

/** A rule of app-config's `deploy.rules`, for repositories that say nothing themselves. */
export interface MappingRule {
  /** `owner/name`; `*` stands for anything. */
  repository: string;
  /** File name of the workflow; any if absent. */
  workflow?: string;
  /** Name of the job; `*` stands for anything. */
  job: string;
  environment: string;
  tier?: EnvironmentTier;
  branches?: string[];
}

/** Throws an error that names the key, if a rule is not well-formed. */
export function readMappingRules(config: Config): MappingRule[] {
  return (config.getOptionalConfigArray('deploy.rules') ?? []).map(rule => {
    const tier = rule.getOptionalString('tier');
    if (tier && !environmentTiers.some(known => known === tier)) {
      throw new Error(
        `deploy.rules: tier "${tier}" is unknown; use one of ${environmentTiers.join(
          ', ',
        )}`,
      );
    }
    return {
      repository: (rule.getOptionalString('repository') ?? '*').toLowerCase(),
      workflow: rule.getOptionalString('workflow'),
      job: rule.getString('job'),
      environment: rule.getString('environment'),
      tier: tier as EnvironmentTier | undefined,
      branches: rule.getOptionalStringArray('branches'),
    };
  });
}
