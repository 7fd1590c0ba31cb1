import { PromotionStatus } from '../../model';
import { PromotionState } from '../types';
import { decide, Input, isUndecided, Moved, unchanged } from './common';

const is = (state: PromotionState, ...statuses: PromotionStatus[]) =>
  statuses.includes(state.status);

const who = (by?: string) => by !== undefined && { by };

/** What is on its way is never ended by a newer release. */
export function supersede(
  state: PromotionState,
  { at, by, text }: Input<'supersede'>,
): Moved {
  return isUndecided(state)
    ? decide(state, 'superseded', { at, ...who(by), type: 'superseded', text })
    : unchanged(state);
}

export function bypass(
  state: PromotionState,
  { at, by, text }: Input<'bypass'>,
): Moved {
  return isUndecided(state)
    ? decide({ ...state, bypassed: true }, 'executing', {
        at,
        ...who(by),
        type: 'bypassed',
        text,
      })
    : unchanged(state);
}

export function withdraw(
  state: PromotionState,
  { at, by, text, rejected }: Input<'withdraw'>,
): Moved {
  if (!isUndecided(state) && !is(state, 'executing')) {
    return unchanged(state);
  }
  const type = rejected ? 'rejected' : 'cancelled';
  return decide(state, type, { at, ...who(by), type, text });
}

export function deployed(
  state: PromotionState,
  { at }: Input<'deployed'>,
): Moved {
  return is(state, 'executing')
    ? decide(state, 'verifying', {
        at,
        type: 'deployed',
        text: 'The release is in place. It is looked at until it has proven good.',
      })
    : unchanged(state);
}

/** That it is good says also that it is in place, should that news be late. */
export function verified(
  state: PromotionState,
  { at, unjudged }: Input<'verified'>,
): Moved {
  if (!is(state, 'executing', 'verifying')) {
    return unchanged(state);
  }
  const moved = decide(state, 'succeeded', {
    at,
    type: 'verified',
    text: unjudged
      ? `The release is in place. ${unjudged}`
      : 'The release is in place and has proven good.',
  });
  return unjudged
    ? { ...moved, state: { ...moved.state, note: unjudged } }
    : moved;
}

export function fail(
  state: PromotionState,
  { at, failure }: Input<'fail'>,
): Moved {
  return is(state, 'executing', 'verifying')
    ? decide(
        state,
        'failed',
        { at, type: 'failed', text: failure.message },
        { failure },
      )
    : unchanged(state);
}

export function rolledBack(
  state: PromotionState,
  { at, by, text }: Input<'rolled-back'>,
): Moved {
  return is(state, 'executing', 'verifying', 'succeeded')
    ? decide(state, 'rolled_back', {
        at,
        ...who(by),
        type: 'rolled-back',
        text,
      })
    : unchanged(state);
}
