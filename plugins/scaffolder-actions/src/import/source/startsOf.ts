import { Triggers, triggersOf } from '../conditions/triggers';
import { LeafIndex } from './LeafIndex';

/** What starts a workflow that was read. */
export function startsOf(index: LeafIndex): Triggers {
  const events = index
    .under('on')
    .map(({ path: [, key], value }) =>
      key === undefined || /^\d+$/.test(key) ? String(value) : key,
    );
  return triggersOf({
    events: [...new Set(events)],
    list: (event, key) =>
      index.texts('on', event, key).map(({ value }) => value),
  });
}
