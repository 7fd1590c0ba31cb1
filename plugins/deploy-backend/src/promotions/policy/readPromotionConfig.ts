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

/**
 * Whose approval counts for a rule that names nobody, `deploy.openApprovals`; undefined where it does not say.
 * Throws an error that names the key, if it names no users and groups.
 */
export function readOpenApprovals(config: Config): string[] | undefined {
  const refs = config.getOptionalStringArray('deploy.openApprovals');
  const wrong = refs?.find(
    ref => !/^(user|group):[^:/\s]+\/[^:/\s]+$/i.test(ref),
  );
  if (wrong !== undefined || refs?.length === 0) {
    throw new Error(
      `deploy.openApprovals: ${
        wrong === undefined ? 'names nobody' : `${wrong} is no user or group`
      }. Write full entity refs such as group:default/platform-team, or remove the key.`,
    );
  }
  return refs;
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
  if (policy.automatic) {
    throw new Error(
      `${at}.automatic: a required policy cannot allow anything. Write false, or remove required.`,
    );
  }
}
