import { PromotionMove, PromotionState } from '../types';
import { approve } from './byPeople';
import { Input, isExpired, isUndecided, Moved, unchanged } from './common';
import { evaluate } from './evaluate';
import { refuseDecided, refuseExpired } from './refuseDecided';

export function beginReview(
  state: PromotionState,
  { at, by, until, standing, voice }: Input<'begin-review'>,
): PromotionMove {
  if (!isUndecided(state)) {
    return { refusal: refuseDecided(state, 'approved') };
  }
  if (isExpired(state, at)) {
    return { refusal: refuseExpired(state, 'approved') };
  }
  const voiced = voice
    ? approve(state, { type: 'approve', at, by, ...voice })
    : unchanged(state);
  if ('refusal' in voiced) {
    return voiced;
  }
  const decided = evaluate(voiced.state, { type: 'evaluate', at, standing });
  if (decided.state.status !== 'executing') {
    return {
      refusal: {
        message: 'A condition is no longer met.',
        remedy: 'Read the promotion again.',
      },
    };
  }
  const { status, voices } = state;
  return {
    state: {
      ...decided.state,
      decided: { at, by },
      reviewing: {
        by,
        until,
        events: [
          ...voiced.events,
          ...decided.events.map(event =>
            event.type === 'let-through'
              ? { ...event, by, text: `${by} let it in at GitHub.` }
              : event,
          ),
        ],
        before: { status, voices },
      },
    },
    events: [],
  };
}

export function finishReview(state: PromotionState): Moved {
  const { reviewing, ...reviewed } = state;
  return reviewing
    ? { state: reviewed, events: reviewing.events }
    : unchanged(state);
}

export function undoReview(state: PromotionState): Moved {
  const { reviewing, decided: _, terms: __, ...rest } = state;
  return reviewing
    ? { state: { ...rest, ...reviewing.before }, events: [] }
    : unchanged(state);
}

/** The voices stay: they were given. */
export function lapseReview(
  state: PromotionState,
  { at }: Input<'lapse-review'>,
): Moved {
  const { reviewing, decided: _, terms: __, ...rest } = state;
  if (!reviewing || at < reviewing.until) {
    return unchanged(state);
  }
  return {
    state: { ...rest, status: 'approved' },
    events: [
      ...reviewing.events.filter(({ type }) => type !== 'let-through'),
      {
        at,
        type: 'all-approved',
        text: `${reviewing.by} was about to let it in at GitHub, which did not get the review. The run still waits: whoever may approve can let it in.`,
      },
    ],
  };
}

/** What goes on, or ends otherwise, was reviewed or does not need it any more: its history is told in order. */
export function tellReviewed(
  before: PromotionState,
  move: PromotionMove,
): PromotionMove {
  if (
    'refusal' in move ||
    !before.reviewing ||
    !move.state.reviewing ||
    move.state.status === 'executing'
  ) {
    return move;
  }
  const { reviewing, ...state } = move.state;
  return { state, events: [...reviewing.events, ...move.events] };
}
