import { ConfigurationDifference } from '@vvp/backstage-plugin-deploy-common';
import { countText } from './numbers';
import { Tone } from './status';

/**
 * One thing to know before something is done.
 *
 * @internal
 */
export interface Check {
  /** `neutral`: could not be found out. */
  tone: Exclude<Tone, 'progress'>;
  text: string;
  /** Names, files and so on. */
  details: string[];
}

/**
 * How many names in a configuration differ, whole sentences.
 *
 * @internal
 */
export function differencesText(
  differences: readonly ConfigurationDifference[],
): string {
  return `${countText(differences.length, 'name')} in the configuration ${
    differences.length === 1 ? 'differs' : 'differ'
  }. Values are not shown: they may be secrets.`;
}
