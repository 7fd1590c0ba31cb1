import { GateRule, withPrevious } from '@vvp/backstage-plugin-deploy-common';
import { matchesWildcard } from '../mapping/wildcard';
import { ConfiguredGates, GateMatch, matchKeys } from './readGateConfig';

/** A service in an environment. */
export type GatedPlace = Omit<GateMatch, 'entity'> & {
  entityRef: string;
  /** The one that a release passes through before, for rules that say `previous`. */
  previousEnvironment?: string;
};

/** Names of required gates begin so, which a deploy.yaml cannot use. */
const REQUIRED_PREFIX = 'required-';

/**
 * The gates of a service in an environment: the required ones of app-config, then its other ones and those
 * of deploy.yaml, of which the latter replace the former of the same name. A required gate has a name of
 * its own, so that no gate of a deploy.yaml replaces it or switches it off, and a waiver of one is none of
 * the other.
 *
 * @param own - What deploy.yaml says.
 */
export function configuredGatesFor(
  place: GatedPlace,
  configured: readonly ConfiguredGates[],
  own: readonly GateRule[],
): GateRule[] {
  const required = new Map<string, GateRule>();
  const replaceable = new Map<string, GateRule>();
  for (const entry of configured.filter(each => matches(each.match, place))) {
    for (const [name, rule] of Object.entries(entry.gates)) {
      if (!rule) {
        replaceable.delete(name);
      } else if (entry.required) {
        const ownName = `${REQUIRED_PREFIX}${name}`;
        required.set(ownName, { ...rule, name: ownName });
      } else {
        replaceable.set(name, rule);
      }
    }
  }
  for (const rule of own) {
    replaceable.set(rule.name, rule);
  }
  return [...required.values(), ...replaceable.values()].map(rule =>
    withPrevious(rule, place.previousEnvironment),
  );
}

/** Whether an entry of app-config is for a service in an environment. */
export function matches(match: GateMatch, place: GatedPlace): boolean {
  const { entityRef, previousEnvironment: _, ...known } = place;
  const values: GateMatch = { ...known, entity: entityRef };
  return matchKeys.every(key => {
    const glob = match[key];
    const value = values[key]?.toLowerCase();
    return (
      glob === undefined ||
      (value !== undefined && matchesWildcard(glob, value))
    );
  });
}
