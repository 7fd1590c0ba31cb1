import { ConfigurationDifference } from '../model';
import { settingsOf } from './settingsOf';
import { DescribedService } from './types';

const MAX_NAME = 200;

/** What no terminal and no page shows as it is: controls, and what turns text around or hides in it. */
const UNSEEN =
  /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/**
 * What differs between two states of a service's `deploy.yaml` in an environment, by name and in the order of
 * the names. Values are compared here and never leave. An order that says nothing makes no difference.
 *
 * @param before - absent: it was not described, and all is added
 * @param after - absent: it is not described any more, and all is removed
 * @public
 */
export function compareConfiguration(
  before: DescribedService | undefined,
  after: DescribedService | undefined,
  environment: string,
): ConfigurationDifference[] {
  const old = before ? settingsOf(before, environment) : new Map();
  const fresh = after ? settingsOf(after, environment) : new Map();
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .sort()
    .flatMap((name): ConfigurationDifference[] => {
      if (!old.has(name)) {
        return [{ name: shownName(name), change: 'added' }];
      }
      if (!fresh.has(name)) {
        return [{ name: shownName(name), change: 'removed' }];
      }
      return old.get(name) === fresh.get(name)
        ? []
        : [{ name: shownName(name), change: 'changed' }];
    });
}

/**
 * A name that somebody else chose, fit to be shown.
 *
 * @internal
 */
export function shownName(name: string): string {
  const plain = name.replace(UNSEEN, '?');
  return plain.length > MAX_NAME ? `${plain.slice(0, MAX_NAME)}…` : plain;
}
