import { formatDuration, formatTime } from '../duration';
import { placeOf } from '../places';
import { GateFacts, GateRule } from '../types';

/** Whether what is missing may still come. */
export interface Awaited {
  state: 'pending' | 'fail';
  /** The end of a sentence: `yet; it is awaited until 2026-11-21 07:30 UTC`. */
  ending: string;
}

/**
 * Missing evidence is awaited from when it can come: when the release appeared or, for what is measured in
 * an environment, when it was deployed there.
 */
export function awaitEvidence(rule: GateRule, facts: GateFacts): Awaited {
  const place = placeOf(rule.evidence?.environment, facts);
  const deployed = place === undefined ? undefined : facts.deployed[place];
  const begin = Math.max(
    Date.parse(facts.release.since),
    deployed ? Date.parse(deployed.since) : -Infinity,
  );
  const end = begin + rule.pendingForSeconds * 1000;
  return Date.parse(facts.now) < end
    ? {
        state: 'pending',
        ending: `yet; it is awaited until ${formatTime(end)}`,
      }
    : {
        state: 'fail',
        ending: `after ${formatDuration(rule.pendingForSeconds)}`,
      };
}
