import { CanaryPhase, CanarySettings, PromotionEvent } from '../model';
import { CanaryInput, CanaryMoved, CanaryState, CanaryStep } from './types';

export type Input<T extends CanaryInput['type']> = Extract<
  CanaryInput,
  { type: T }
>;

export type Moved = Exclude<CanaryMoved, { refusal: unknown }>;

/** So often in a row it has to look bad, or to be gone: once may be a hiccup. */
export const IN_A_ROW = 3;

/** So often a step is tried. */
export const MAX_TRIES = 3;

/** More than this between two looks is not looked at. */
export const LONGEST_GAP_MS = 30_000;

/** A release that the platform does not show within this after its deployment has no canary. */
export const BEGINS_WITHIN_MS = 2 * 60_000;

/** Oldest first, at most so many are kept. */
const MAX_TROUBLES = 10;

export const unchanged = (state: CanaryState): Moved => ({ state, events: [] });

export const withEvent = (
  state: CanaryState,
  event: Omit<PromotionEvent, 'sequence'>,
): Moved => ({ state, events: [event] });

/** Into another phase, with what is to be done there. */
export function enter(
  state: CanaryState,
  phase: CanaryPhase,
  step?: { kind: CanaryStep; by?: string },
): CanaryState {
  const { step: _, ticking: __, ...rest } = state;
  const number = state.steps + 1;
  return {
    ...rest,
    phase,
    ...(step && { step: { ...step, number, failed: 0 }, steps: number }),
  };
}

/** Takes it back. */
export function abort(
  state: CanaryState,
  at: string,
  ending: { by?: string; why: string },
): Moved {
  const { by, why } = ending;
  return withEvent(
    {
      ...enter(state, 'aborting', { kind: 'abort', ...(by && { by }) }),
      ending,
    },
    {
      at,
      ...(by && { by }),
      type: 'canary-aborted',
      text: by ? 'The canary is aborted.' : `The canary is aborted. ${why}`,
      ...(by && { comment: why }),
    },
  );
}

export function finish(state: CanaryState, at: string): Moved {
  return withEvent(enter(state, 'done'), {
    at,
    type: 'canary-done',
    text: 'The release has all of the traffic.',
  });
}

export function addTrouble(state: CanaryState, why: string): CanaryState {
  return state.troubles.at(-1) === why
    ? state
    : { ...state, troubles: [...state.troubles, why].slice(-MAX_TROUBLES) };
}

export const windowOf = ({ minutes }: CanarySettings): number =>
  minutes * 60_000;
