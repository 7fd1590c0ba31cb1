import {
  abort,
  addTrouble,
  enter,
  finish,
  Input,
  MAX_TRIES,
  Moved,
  unchanged,
  withEvent,
} from './common';
import { CanaryState, CanaryStep } from './types';

const tried: Record<CanaryStep, string> = {
  start: 'It could not be given its share of the traffic.',
  pause: 'The platform could not be told to stand still.',
  finish: 'It could not be given all of the traffic.',
  abort: 'What ran before could not be given the traffic back.',
};

/** An operation was begun for the step; late news of another step change nothing. */
export function submitted(
  state: CanaryState,
  { step, operationId }: Input<'submitted'>,
): Moved {
  if (state.step?.kind !== step || state.step.operationId !== undefined) {
    return unchanged(state);
  }
  const { waits: _, ...rest } = state.step;
  return unchanged({
    ...state,
    step: { ...rest, operationId },
    operationId,
  });
}

export function waits(
  state: CanaryState,
  { step, why }: Input<'waits'>,
): Moved {
  return state.step?.kind === step && state.step.operationId === undefined
    ? unchanged({ ...state, step: { ...state.step, waits: why } })
    : unchanged(state);
}

export function refused(
  state: CanaryState,
  { at, step, why }: Input<'refused'>,
): Moved {
  return state.step?.kind === step && state.step.operationId === undefined
    ? failed(state, step, { at, asBefore: true, why })
    : unchanged(state);
}

/** The operation of the step is over. */
export function ended(state: CanaryState, input: Input<'ended'>): Moved {
  const { at, status, operationId } = input;
  if (state.step?.operationId !== operationId) {
    return unchanged(state);
  }
  const { kind } = state.step;
  if (status === 'succeeded') {
    return succeeded(state, kind, at);
  }
  if (status === 'cancelled' && (kind === 'start' || kind === 'finish')) {
    const by = input.by ?? 'somebody';
    return withEvent(
      { ...enter(state, 'paused'), pausedBy: by },
      {
        at,
        ...(input.by && { by: input.by }),
        type: 'canary-paused',
        text: 'Its operation was cancelled: the canary is paused.',
      },
    );
  }
  return failed(state, kind, input);
}

function succeeded(state: CanaryState, kind: CanaryStep, at: string): Moved {
  switch (kind) {
    case 'start':
      return unchanged({ ...enter(state, 'watching'), started: true });
    case 'finish':
      return finish(state, at);
    case 'abort':
      return unchanged(enter(state, 'aborted'));
    default:
      return unchanged(enter(state, state.phase));
  }
}

/** Tried again as long as nothing changed; what cannot go on is taken back. */
function failed(
  state: CanaryState,
  kind: CanaryStep,
  { at, asBefore, why }: { at: string; asBefore: boolean; why?: string },
): Moved {
  const count = (state.step?.failed ?? 0) + 1;
  const text = why ? `${tried[kind]} ${why}` : tried[kind];
  if (count < MAX_TRIES && (asBefore || kind === 'abort')) {
    const { operationId: _, waits: __, ...step } = state.step!;
    const number = state.steps + 1;
    return unchanged(
      addTrouble(
        { ...state, step: { ...step, number, failed: count }, steps: number },
        text,
      ),
    );
  }
  switch (kind) {
    case 'pause':
      return unchanged(addTrouble(enter(state, state.phase), text));
    case 'abort':
      return unchanged(addTrouble(enter(state, 'failed'), text));
    default:
      return abort(state, at, { why: text });
  }
}

/** The promotion ended by other means: a rollback, a pipeline that failed. */
export function over(state: CanaryState, input: Input<'over'>): Moved {
  const { rolledBack, text } = input;
  if (state.phase === 'aborting' && state.step?.operationId !== undefined) {
    // Its own way back tells how it ended.
    return unchanged(state);
  }
  const percent = state.percent ?? 0;
  const isSplit = state.began && percent > 0 && percent < 100;
  if (rolledBack || !isSplit) {
    return unchanged(addTrouble(enter(state, 'aborted'), text));
  }
  return unchanged(
    addTrouble(
      enter(state, 'failed'),
      `${text} ${percent} % of the traffic went to it at the last look. Look at the platform, and roll back if it is still so.`,
    ),
  );
}

export function replaced(state: CanaryState): Moved {
  return state.phase === 'aborting'
    ? unchanged(state)
    : unchanged({
        ...addTrouble(
          enter(state, 'aborted'),
          'Something else was deployed over it.',
        ),
        replaced: true,
      });
}
