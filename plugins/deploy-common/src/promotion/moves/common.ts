import { Failure, PromotionStatus, undecidedStatuses } from '../../model';
import { PromotionInput, PromotionMove, PromotionState } from '../types';

/** The input of one type. */
export type Input<T extends PromotionInput['type']> = Extract<
  PromotionInput,
  { type: T }
>;

/** A move that is no refusal. */
export type Moved = Exclude<PromotionMove, { refusal: Failure }>;

export type NewEvent = Moved['events'][number];

/** Answer to what happens late or again: it is harmless. */
export const unchanged = (state: PromotionState): Moved => ({
  state,
  events: [],
});

export const isUndecided = ({ status }: PromotionState) =>
  undecidedStatuses.includes(status);

/** An unreadable time counts as past: it never lets anything through. */
export const isExpired = ({ expiresAt }: PromotionState, at: string) =>
  !(Date.parse(at) < Date.parse(expiresAt));

export const samePerson = (left: string, right: string) =>
  left.toLowerCase() === right.toLowerCase();

/** Leaves the statuses in which a promotion waits, or ends it. */
export function decide(
  state: PromotionState,
  status: PromotionStatus,
  event: NewEvent,
  more?: Pick<PromotionState, 'failure'>,
): Moved {
  const { at, by } = event;
  return {
    state: {
      ...state,
      ...more,
      status,
      decided: { at, ...(by !== undefined && { by }) },
    },
    events: [event],
  };
}

export function expire(state: PromotionState, at: string): Moved {
  return decide(state, 'expired', {
    at,
    type: 'expired',
    text: `It was not let through until ${state.expiresAt}, and expired.`,
  });
}
