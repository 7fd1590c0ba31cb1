import { CanarySettings } from '../model';
import { asked } from './asked';
import { isCanaryOver } from './canaryTodo';
import { ended, over, refused, replaced, submitted, waits } from './carriedOut';
import { unchanged } from './common';
import { absent, blind, looked } from './looked';
import { CanaryInput, CanaryMoved, CanaryState } from './types';

export { whyNotAsked } from './asked';

/**
 * A canary before its first look.
 *
 * @public
 */
export function newCanary(at: string): CanaryState {
  return {
    phase: 'starting',
    began: false,
    lead: 'pipeline',
    moves: [],
    startedAt: at,
    lookedAt: at,
    watched: 0,
    health: { state: 'unknown' },
    problems: [],
    unwell: 0,
    absent: 0,
    steps: 0,
    troubles: [],
  };
}

/**
 * Moves a canary. It gets all of the traffic by itself only after it was looked at for as long as its
 * settings say, with no more errors than they allow; a person may say so earlier. Once it is taken back,
 * nothing but that follows; once it is over, nothing does.
 *
 * What is to be done is told by `canaryTodo` of the state after. Who may ask for what is checked before, at
 * the edge.
 *
 * @public
 */
export function moveCanary(
  state: CanaryState,
  input: CanaryInput,
  settings: CanarySettings,
): CanaryMoved {
  switch (input.type) {
    case 'pause':
    case 'continue':
    case 'abort':
      return asked(state, input);
    default:
  }
  if (isCanaryOver(state)) {
    return unchanged(state);
  }
  switch (input.type) {
    case 'look':
      return looked(state, input, settings);
    case 'absent':
      return absent(state, input);
    case 'blind':
      return blind(state, input);
    case 'submitted':
      return submitted(state, input);
    case 'waits':
      return waits(state, input);
    case 'refused':
      return refused(state, input);
    case 'ended':
      return ended(state, input);
    case 'over':
      return over(state, input);
    case 'replaced':
      return replaced(state);
    default:
      // Whatever a newer version of the portal may tell changes nothing here.
      return unchanged(state);
  }
}
