import { CanaryPhase, Failure } from '../model';
import { isCanaryOver } from './canaryTodo';
import { abort, enter, Input, unchanged, withEvent } from './common';
import { CanaryMoved, CanaryState } from './types';

const phasesFor: Record<
  'pause' | 'continue' | 'abort',
  readonly CanaryPhase[]
> = {
  pause: ['starting', 'watching'],
  continue: ['starting', 'watching', 'paused'],
  abort: ['starting', 'watching', 'paused', 'continuing'],
};

/**
 * Why a person cannot do something with a canary now; undefined if they can, as far as the canary is
 * concerned.
 *
 * @param state - absent where there is no canary
 *
 * @public
 */
export function whyNotAsked(
  state: CanaryState | undefined,
  verb: 'pause' | 'continue' | 'abort',
): Failure | undefined {
  if (!state?.began) {
    return {
      message: 'No canary of this promotion is under way.',
      ...(state && {
        remedy: 'Wait until the platform shows the release beside what runs.',
      }),
    };
  }
  const { phase, lead, movesItself } = state;
  if (isCanaryOver(state)) {
    return {
      message: `The canary is over: it is ${phase}.`,
      ...(verb === 'abort' && {
        remedy: 'Roll back, if the release has to go.',
      }),
    };
  }
  if (verb !== 'abort' && phase !== 'aborting' && lead === 'pipeline') {
    return {
      message:
        "The pipeline's job is still under way, and moves the traffic itself.",
      remedy: 'Wait for its end, or abort.',
    };
  }
  if (verb !== 'abort' && phase !== 'aborting' && lead === 'platform') {
    return {
      message: `The platform moves on by itself${
        movesItself ? ` (${movesItself.phase})` : ''
      }: nobody can hold or hasten it.`,
      remedy: 'Abort, if the release has to go.',
    };
  }
  return phasesFor[verb].includes(phase)
    ? undefined
    : { message: `The canary is ${phase}: there is nothing to ${verb}.` };
}

/** Asked for twice, it is done once. */
const already: Record<'pause' | 'continue' | 'abort', CanaryPhase> = {
  pause: 'paused',
  continue: 'continuing',
  abort: 'aborting',
};

/** A person wants something. */
export function asked(
  state: CanaryState,
  input: Input<'pause'> | Input<'continue'> | Input<'abort'>,
): CanaryMoved {
  if (state.phase === already[input.type]) {
    return unchanged(state);
  }
  const refusal = whyNotAsked(state, input.type);
  if (refusal) {
    return { refusal };
  }
  const { at, by } = input;
  switch (input.type) {
    case 'pause': {
      const tellsPlatform =
        state.moves.includes('pause') && !state.platformPaused;
      return withEvent(
        {
          ...enter(
            state,
            'paused',
            tellsPlatform ? { kind: 'pause', by } : undefined,
          ),
          pausedBy: by,
        },
        {
          at,
          by,
          type: 'canary-paused',
          text: 'The canary is paused; errors still end it.',
          ...(input.comment && { comment: input.comment }),
        },
      );
    }
    case 'continue':
      return withEvent(enter(state, 'continuing', { kind: 'finish', by }), {
        at,
        by,
        type: 'canary-continued',
        text: 'The release gets all of the traffic.',
        ...(input.comment && { comment: input.comment }),
      });
    default:
      return abort(state, at, { by, why: input.reason });
  }
}
