import { Voice } from '../types';

/** Their whole story stands in the events. */
const MAX_LAPSED = 100;

/** Drops the oldest voices that lapsed, so that what is kept stays small however often gates change. */
export function limitLapsed(voices: Voice[]): Voice[] {
  const lapsed = voices.filter(voice => voice.lapsed);
  const dropped = new Set(
    lapsed.slice(0, Math.max(0, lapsed.length - MAX_LAPSED)),
  );
  return dropped.size > 0
    ? voices.filter(voice => !dropped.has(voice))
    : voices;
}
