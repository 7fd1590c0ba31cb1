import { formatDuration, formatTime } from '../../gates/duration';
import { deployOverridePermission } from '../../permissions';
import { condition, Judge, list, nameOf } from './common';
import { askedOf, hasWorked, stateOf } from './earlier';

/** Whether it worked there for long enough; starts when it first worked. */
export const judgeSoak: Judge = facts => {
  const { soakSeconds } = facts.policy;
  const asked = askedOf(facts);
  if (!asked || asked.count === 0 || soakSeconds === 0) {
    return [];
  }

  // The environments that were first there decide, as many as are asked for.
  const started = asked.environments
    .filter(hasWorked)
    .map(({ name, succeededAt = '' }) => ({ name, since: succeededAt }))
    .filter(({ since }) => Number.isFinite(Date.parse(since)))
    .sort((a, b) => Date.parse(a.since) - Date.parse(b.since))
    .slice(0, asked.count);
  const last = started.at(-1);
  const end = Date.parse(last?.since ?? '') + soakSeconds * 1000;
  const release = nameOf(facts.release);
  const duration = formatDuration(soakSeconds);
  const parts = {
    kind: 'soak',
    title: 'Soak time',
    clearedBy: {
      how: 'Wait until the time is over, or override this with a reason.',
      permission: deployOverridePermission.name,
    },
  } as const;

  if (!last || !(started.length >= asked.count) || !Number.isFinite(end)) {
    const where = asked.environments
      .filter(each => !hasWorked(each))
      .map(({ name }) => name);
    return [
      condition({
        ...parts,
        state: stateOf(asked) === 'pending' ? 'pending' : 'unmet',
        reason: `${duration} of soak time have not begun: ${release} has not worked ${
          where.length > 0 ? `in ${list(where)}` : 'for a known time'
        } yet.`,
      }),
    ];
  }

  const places = list(started.map(({ name }) => name));
  const met = end <= Date.parse(facts.now);
  return [
    condition({
      ...parts,
      state: met ? 'met' : 'pending',
      reason: met
        ? `${release} has worked in ${places} for ${duration} or longer.`
        : `${release} must have worked in ${places} for ${duration}; that is reached at ${formatTime(
            end,
          )}.`,
      since: last.since,
      ...(!met && { until: new Date(end).toISOString() }),
    }),
  ];
};
