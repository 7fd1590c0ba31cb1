import { PromotionStatus } from '../../model';
import { PromotionState, Standing, Voice } from '../types';
import {
  expire,
  Input,
  isExpired,
  isUndecided,
  Moved,
  NewEvent,
  samePerson,
  unchanged,
} from './common';
import { limitLapsed } from './limitLapsed';

type Next = Extract<
  PromotionStatus,
  'gated' | 'awaiting_approval' | 'approved' | 'executing'
>;

function nextStatus({ fit, approved, clear }: Standing): Next {
  if (!fit) return 'gated';
  if (!approved) return 'awaiting_approval';
  return clear ? 'executing' : 'approved';
}

const notices: Record<Next, Pick<NewEvent, 'type' | 'text'>> = {
  gated: { type: 'gated', text: 'The release is no longer fit.' },
  awaiting_approval: {
    type: 'fit',
    text: 'The release is fit. It waits for approvals.',
  },
  approved: {
    type: 'all-approved',
    text: 'Fit and approved. It waits until nothing else stands in the way.',
  },
  executing: {
    type: 'let-through',
    text: 'Every condition is met: it was let through.',
  },
};

function lapseOf(voice: Voice, standing: Standing): string | undefined {
  if (voice.lapsed) {
    return undefined;
  }
  if (voice.seen !== standing.seen) {
    return 'The artifact or the gate results are no longer those that were approved.';
  }
  return standing.ineligible.find(({ by }) => samePerson(by, voice.by))?.why;
}

/** Looks at it again: ends it, takes back voices, moves it, lets it through. */
export function evaluate(
  state: PromotionState,
  { at, standing }: Input<'evaluate'>,
): Moved {
  if (!isUndecided(state)) {
    return unchanged(state);
  }
  if (isExpired(state, at)) {
    return expire(state, at);
  }

  const events: NewEvent[] = [];
  const voices = state.voices.map(voice => {
    const why = lapseOf(voice, standing);
    if (why === undefined) {
      return voice;
    }
    events.push({
      at,
      type: 'approval-lapsed',
      text: `The approval by ${voice.by} lapsed. ${why}`,
    });
    return { ...voice, lapsed: { at, why } };
  });

  const status = nextStatus(standing);
  if (status !== state.status) {
    events.push({ at, ...notices[status] });
  }
  if (events.length === 0) {
    return unchanged(state);
  }
  return {
    state: {
      ...state,
      status,
      voices: limitLapsed(voices),
      ...(status === 'executing' && {
        decided: { at },
        ...(standing.terms !== undefined && { terms: standing.terms }),
      }),
    },
    events,
  };
}
