import { Canary, CanarySettings } from '../model';
import { windowOf } from './common';
import { CanaryState } from './types';

/** So long a platform may be silent before it is told. */
const SILENT_MS = 60_000;

/**
 * A canary as it is shown; undefined where none began, and nothing is wrong.
 *
 * @public
 */
export function toCanary(
  state: CanaryState,
  settings: CanarySettings,
): Canary | undefined {
  const notes = notesOf(state);
  if (!state.began && !isBlind(state)) {
    return undefined;
  }
  const { phase, lead, revision, stable, percent, errors, entries } = state;
  const left = secondsLeft(state, settings);
  return {
    phase,
    settings,
    ...(revision !== undefined && { revision }),
    ...(stable !== undefined && { stable }),
    ...(percent !== undefined && { percent }),
    startedAt: state.startedAt,
    lookedAt: state.lookedAt,
    ...(lead !== 'pipeline' &&
      left !== undefined && { watchSecondsLeft: left }),
    ...(errors !== undefined && { errors }),
    ...(entries !== undefined && { entries }),
    health: state.health,
    ...(state.pausedBy && phase === 'paused' && { pausedBy: state.pausedBy }),
    notes,
    ...(state.operationId && { operationId: state.operationId }),
  };
}

function secondsLeft(
  { lead, movesItself, lookedAt, watched }: CanaryState,
  settings: CanarySettings,
): number | undefined {
  if (lead !== 'platform') {
    return Math.ceil(Math.max(0, windowOf(settings) - watched) / 1000);
  }
  const left = movesItself?.until
    ? Date.parse(movesItself.until) - Date.parse(lookedAt)
    : NaN;
  return Number.isNaN(left) ? undefined : Math.ceil(Math.max(0, left) / 1000);
}

function isBlind({ blind, lookedAt }: CanaryState): boolean {
  return (
    blind !== undefined &&
    Date.parse(lookedAt) - Date.parse(blind.since) >= SILENT_MS
  );
}

function notesOf(state: CanaryState): string[] {
  const { phase, lead, step, ending, blind, began, errors, movesItself } =
    state;
  const isWatched = phase === 'watching' || phase === 'paused';
  return [
    ...(ending
      ? [ending.by ? `${ending.by} aborted it: ${ending.why}` : ending.why]
      : []),
    ...state.troubles,
    ...(step?.waits ? [`It waits. ${step.waits}`] : []),
    ...(blind && isBlind(state)
      ? [
          `The platform could not be asked since ${blind.since}, so that the clock stands still: ${blind.why}`,
        ]
      : []),
    ...(isWatched && lead === 'pipeline'
      ? ["The pipeline's job is still under way, and moves the traffic itself."]
      : []),
    ...(isWatched && movesItself
      ? [`The platform moves on by itself: ${movesItself.phase}.`]
      : []),
    ...(isWatched && lead === 'portal' && state.percent === 0
      ? ['It gets no traffic, so that the clock stands still.']
      : []),
    ...(isWatched && began && errors === undefined
      ? [
          state.health.state === 'unknown'
            ? 'Neither its log nor its health can be read, so that the clock stands still.'
            : 'Its log cannot be read: it is judged by its health only.',
        ]
      : []),
    ...state.problems,
  ];
}
