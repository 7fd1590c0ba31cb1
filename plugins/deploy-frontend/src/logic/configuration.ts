import { ConfigurationComparison } from '@vvp/backstage-plugin-deploy-common';
import { Check, differencesText } from './checks';

/**
 * What a release changes in the configuration, and whether that is known.
 *
 * @internal
 */
export function configurationCheck(comparison: ConfigurationComparison): Check {
  const { from, to, state, differences, message } = comparison;
  const details = differences.map(({ name, change }) => `${name} ${change}`);
  const say = (tone: Check['tone'], ...sentences: (string | undefined)[]) => ({
    tone,
    text: sentences.filter(Boolean).join(' '),
    details,
  });
  if (state === 'unknown') {
    return say(
      'neutral',
      'What changes in the configuration is not known.',
      message,
    );
  }
  const more = state === 'partial' ? 'There may be more.' : undefined;
  if (from === undefined) {
    return say(
      'attention',
      'Nothing runs there yet: all of its configuration comes in. Values are not shown: they may be secrets.',
      more,
      message,
    );
  }
  if (differences.length > 0) {
    return say('attention', differencesText(differences), more, message);
  }
  if (state === 'partial') {
    return say(
      'neutral',
      'No difference in the configuration was found, but not all of it could be compared.',
      message,
    );
  }
  return say(
    'success',
    from === to
      ? 'The same commit runs there: no difference in the configuration.'
      : 'No difference in the configuration.',
    message,
  );
}
