import { shortCommit } from '../describe';
import { formatDuration, formatTime } from '../duration';
import { placeOf } from '../places';
import { GateFacts } from '../types';
import { GateOperator, Judgement } from './types';

const noPrevious: Judgement = {
  state: 'fail',
  reason:
    'The rule asks for the environment before this one, but this is the first. Name an environment, or remove the rule here.',
};

/** The gate of the same name passes there for the same release; waived there counts, and is said. */
export const passedIn: GateOperator = {
  name: 'passedIn',
  judge({ rule, facts }) {
    if (rule.passedIn === undefined) {
      return [];
    }
    const place = placeOf(rule.passedIn, facts);
    return place === undefined ? [noPrevious] : [gateThere(place, facts)];
  },
};

function gateThere(place: string, facts: GateFacts): Judgement {
  const commit = shortCommit(facts.release.commit);
  switch (facts.elsewhere[place]) {
    case 'pass':
      return {
        state: 'pass',
        reason: `${commit} passes this gate in ${place}.`,
      };
    case 'waived':
      return {
        state: 'pass',
        reason: `This gate is waived for ${commit} in ${place}, which counts as passed.`,
      };
    case 'fail':
      return {
        state: 'fail',
        reason: `${commit} does not pass this gate in ${place}.`,
      };
    case 'none':
      return {
        state: 'fail',
        reason: `${place} has no gate of this name that ${commit} could pass. Add one there.`,
      };
    default:
      return {
        state: 'pending',
        reason: `This gate is pending for ${commit} in ${place}.`,
      };
  }
}

/** The release was deployed there with success. */
export const succeededIn: GateOperator = {
  name: 'succeededIn',
  judge({ rule, facts }) {
    if (rule.succeededIn === undefined) {
      return [];
    }
    const place = placeOf(rule.succeededIn, facts);
    if (place === undefined) {
      return [noPrevious];
    }
    const commit = shortCommit(facts.release.commit);
    const deployed = facts.deployed[place];
    return [
      deployed
        ? {
            state: 'pass',
            reason: `${commit} was deployed to ${place} at ${formatTime(
              Date.parse(deployed.since),
            )}.`,
          }
        : {
            state: 'pending',
            reason: `${commit} was not deployed to ${place} with success yet.`,
          },
    ];
  },
};

/** The release ran there for long enough. */
export const soak: GateOperator = {
  name: 'soak',
  judge({ rule, facts }) {
    if (!rule.soak) {
      return [];
    }
    const place = placeOf(rule.soak.environment, facts);
    return place === undefined
      ? [noPrevious]
      : [soakThere(place, rule.soak.seconds, facts)];
  },
};

function soakThere(
  place: string,
  threshold: number,
  facts: GateFacts,
): Judgement {
  const commit = shortCommit(facts.release.commit);
  const asked = formatDuration(threshold);
  const deployed = facts.deployed[place];
  if (!deployed) {
    return {
      state: 'pending',
      reason: `${commit} does not run in ${place} yet; it is to run there for ${asked}.`,
    };
  }
  const begin = Date.parse(deployed.since);
  const end = Date.parse(deployed.until ?? facts.now);
  const actual = Math.max(0, Math.floor((end - begin) / 1000));
  const measured = { actual, threshold, unit: 's' };
  const ran = formatDuration(actual);
  if (actual >= threshold) {
    return {
      state: 'pass',
      reason: `${commit} ran in ${place} for ${ran}, ${asked} is asked.`,
      ...measured,
    };
  }
  if (deployed.until !== undefined) {
    return {
      state: 'fail',
      reason: `${commit} ran in ${place} for ${ran} only, until ${formatTime(
        end,
      )}; ${asked} is asked. Deploy it there again.`,
      ...measured,
    };
  }
  return {
    state: 'pending',
    reason: `${commit} runs in ${place} for ${ran}, ${asked} is asked; that is reached at ${formatTime(
      begin + threshold * 1000,
    )}.`,
    ...measured,
  };
}
