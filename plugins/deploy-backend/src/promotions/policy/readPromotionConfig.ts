import { Config } from '@backstage/config';
import {
  PromotionSettings,
  readPromotionSettings,
} from '@vvp/backstage-plugin-deploy-common';
import { GateMatch, readMatch, refuseOthers } from '../../gates/readGateConfig';

/** An entry of app-config's `deploy.promotion`. */
export interface ConfiguredPromotion {
  match: GateMatch;
  /** Whether a deploy.yaml can only ask for more. */
  required: boolean;
  policy: PromotionSettings;
}

const entryKeys = ['match', 'required', 'policy'];

/** Throws an error that names the key, if anything is not well-formed. */
export function readPromotionConfig(config: Config): ConfiguredPromotion[] {
  const entries = config.getOptionalConfigArray('deploy.promotion') ?? [];
  return entries.map((entry, index) => {
    const at = `deploy.promotion[${index}]`;
    refuseOthers(entry.keys(), entryKeys, at);
    const required = entry.getOptionalBoolean('required') ?? false;
    const policy = readPolicy(entry.getOptional('policy'), `${at}.policy`);
    if (required) {
      refuseIdle(policy, `${at}.policy`);
    }
    return { match: readMatch(entry, at), required, policy };
  });
}

function readPolicy(value: unknown, at: string): PromotionSettings {
  if (value === undefined) {
    throw new Error(`${at}: is missing. Add the policy, or remove the entry.`);
  }
  const result = readPromotionSettings(value);
  if (!result.ok) {
    const [{ message, remedy, path }] = result.findings;
    throw new Error(`${[at, ...path].join('.')}: ${message}. ${remedy}`);
  }
  return result.settings;
}

/** What would look like a demand, but demands nothing. */
function refuseIdle(policy: PromotionSettings, at: string) {
  for (const key of ['selfApproval', 'automatic'] as const) {
    if (policy[key]) {
      throw new Error(
        `${at}.${key}: a required policy cannot allow anything. Write false, or remove required.`,
      );
    }
  }
}
