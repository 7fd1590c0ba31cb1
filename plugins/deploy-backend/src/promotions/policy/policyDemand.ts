import { createHash } from 'node:crypto';
import {
  EnvironmentTier,
  PromotionSettings,
} from '@vvp/backstage-plugin-deploy-common';

/** What a deploy.yaml asks of promotions into an environment, at one time. */
export interface PolicyDemand {
  /** Absent: it says nothing of them. */
  settings?: PromotionSettings;
  tier: EnvironmentTier;
  /** Names of the environments before, in order from the first stop, without previews. */
  earlier: string[];
}

/** Tells two demands apart, whatever the order of their keys. */
export function digestOf(...demands: readonly PolicyDemand[]): string {
  return createHash('sha256')
    .update(JSON.stringify(demands, sortedKeys))
    .digest('hex');
}

function sortedKeys(_key: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value).sort(([left], [right]) =>
          left < right ? -1 : 1,
        ),
      )
    : value;
}
