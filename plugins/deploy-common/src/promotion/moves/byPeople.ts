import { PromotionStatus } from '../../model';
import { PromotionMove, PromotionState, Voice } from '../types';
import {
  decide,
  Input,
  isExpired,
  isUndecided,
  NewEvent,
  samePerson,
  unchanged,
} from './common';
import { limitLapsed } from './limitLapsed';
import { refuseDecided, refuseExpired } from './refuseDecided';

/** Beyond any policy; keeps what is stored small. */
const MAX_VOICES = 200;
const MAX_OVERRIDES = 100;
const MAX_CONDITIONS = 50;

export function approve(
  state: PromotionState,
  { at, by, seen, comment }: Input<'approve'>,
): PromotionMove {
  if (!isUndecided(state)) {
    return { refusal: refuseDecided(state, 'approved') };
  }
  if (isExpired(state, at)) {
    return { refusal: refuseExpired(state, 'approved') };
  }
  const inForce = state.voices.filter(({ lapsed }) => !lapsed);
  const given = inForce.find(voice => samePerson(voice.by, by));
  if (given?.seen === seen) {
    return unchanged(state);
  }
  if (!given && inForce.length >= MAX_VOICES) {
    return {
      refusal: {
        message: `This promotion has ${MAX_VOICES} approvals; it takes no more.`,
        remedy: 'Nothing is missing from you.',
      },
    };
  }

  const events: NewEvent[] = [];
  const voices = state.voices.map((voice): Voice => {
    if (voice !== given) {
      return voice;
    }
    const why = 'They looked again and approved what there is now.';
    events.push({
      at,
      type: 'approval-lapsed',
      text: `The earlier approval by ${by} lapsed. ${why}`,
    });
    return { ...voice, lapsed: { at, why } };
  });
  const said = comment !== undefined && { comment };
  events.push({ at, by, type: 'approved', text: `${by} approved.`, ...said });
  return {
    state: {
      ...state,
      voices: limitLapsed([...voices, { by, at, seen, ...said }]),
    },
    events,
  };
}

/** The same person asks again: a second click, or an answer that was lost. */
function isDoneBy(
  { status, decided }: PromotionState,
  done: PromotionStatus,
  by: string,
): boolean {
  return (
    status === done && decided?.by !== undefined && samePerson(decided.by, by)
  );
}

export function reject(
  state: PromotionState,
  { at, by, comment }: Input<'reject'>,
): PromotionMove {
  if (isDoneBy(state, 'rejected', by)) {
    return unchanged(state);
  }
  if (!isUndecided(state)) {
    return { refusal: refuseDecided(state, 'rejected') };
  }
  if (comment.trim() === '') {
    return {
      refusal: {
        message: '"comment" is empty.',
        remedy: 'Say why, so that whoever asked knows what to change.',
      },
    };
  }
  return decide(state, 'rejected', {
    at,
    by,
    type: 'rejected',
    text: `${by} rejected it.`,
    comment,
  });
}

export function cancel(
  state: PromotionState,
  { at, by, comment }: Input<'cancel'>,
): PromotionMove {
  if (isDoneBy(state, 'cancelled', by)) {
    return unchanged(state);
  }
  if (!isUndecided(state)) {
    return { refusal: refuseDecided(state, 'cancelled') };
  }
  return decide(state, 'cancelled', {
    at,
    by,
    type: 'cancelled',
    text: `${by} cancelled it.`,
    ...(comment !== undefined && { comment }),
  });
}

function refuseOverride({ reason, conditions }: Input<'override'>) {
  if (reason.trim() === '') {
    return {
      message: '"reason" is empty.',
      remedy: 'Say why; it stays in the history.',
    };
  }
  if (conditions.length === 0 || conditions.length > MAX_CONDITIONS) {
    return {
      message: `"conditions" names ${conditions.length} conditions; 1 to ${MAX_CONDITIONS} can be overridden at a time.`,
      remedy: 'Name the conditions that are to be let pass.',
    };
  }
  return undefined;
}

/** Whether a condition may be overridden is judged each time anew, by readiness. */
export function override(
  state: PromotionState,
  input: Input<'override'>,
): PromotionMove {
  const { at, by, reason } = input;
  if (!isUndecided(state)) {
    return { refusal: refuseDecided(state, 'overridden') };
  }
  if (isExpired(state, at)) {
    return { refusal: refuseExpired(state, 'overridden') };
  }
  const refusal = refuseOverride(input);
  if (refusal) {
    return { refusal };
  }
  const before = new Set(state.overridden.flatMap(each => each.conditions));
  const conditions = [...new Set(input.conditions)].filter(
    id => !before.has(id),
  );
  if (conditions.length === 0) {
    return unchanged(state);
  }
  if (state.overridden.length >= MAX_OVERRIDES) {
    return {
      refusal: {
        message: `This promotion was overridden ${MAX_OVERRIDES} times; it takes no more.`,
        remedy: 'Ask for a new promotion.',
      },
    };
  }
  return {
    state: {
      ...state,
      overridden: [...state.overridden, { conditions, by, reason, at }],
    },
    events: [
      {
        at,
        by,
        type: 'overridden',
        text: `${by} let pass: ${conditions.join(', ')}.`,
        comment: reason,
      },
    ],
  };
}
