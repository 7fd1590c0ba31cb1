import { CanarySettings } from '../model';
import {
  abort,
  BEGINS_WITHIN_MS,
  enter,
  finish,
  Input,
  IN_A_ROW,
  LONGEST_GAP_MS,
  Moved,
  unchanged,
  windowOf,
} from './common';
import { CanaryLead, CanaryState, CountedLook } from './types';

/** The platform was asked and answered. */
export function looked(
  state: CanaryState,
  input: Input<'look'>,
  settings: CanarySettings,
): Moved {
  const { at, look, pipelineLeads } = input;
  if (!state.began) {
    // What it gets before its pipeline is done may be of an earlier deployment.
    if (look.percent >= 100 && !look.movesItself) {
      return unchanged(
        pipelineLeads ? { ...state, lookedAt: at } : enter(state, 'done'),
      );
    }
    const begun = judge(
      { ...state, began: true, startedAt: at },
      input,
      settings,
    );
    return {
      state: begun.state,
      events: [
        {
          at,
          type: 'canary-started',
          text: `The release is watched beside what runs: it has ${look.percent} % of the traffic.`,
        },
        ...begun.events,
      ],
    };
  }
  return judge(state, input, settings);
}

/** The platform has no revision of the release. */
export function absent(
  state: CanaryState,
  { at, pipelineLeads }: Input<'absent'>,
): Moved {
  const { blind: _, ticking: __, ...known } = state;
  const absentSince = state.absentSince ?? at;
  if (!state.began) {
    const never =
      !pipelineLeads &&
      Date.parse(at) - Date.parse(absentSince) >= BEGINS_WITHIN_MS;
    const { absentSince: ___, ...rest } = known;
    // While the job is under way it may still come.
    const waiting: CanaryState = {
      ...rest,
      lookedAt: at,
      ...(!pipelineLeads && { absentSince }),
    };
    return unchanged(never ? enter(waiting, 'done') : waiting);
  }
  const after: CanaryState = {
    ...known,
    lookedAt: at,
    absentSince,
    absent: pipelineLeads ? 0 : state.absent + 1,
    lead: leadOf(pipelineLeads, state),
  };
  return after.absent >= IN_A_ROW && state.phase !== 'aborting'
    ? abort(after, at, {
        why: `${
          state.revision ?? 'Its revision'
        } is no longer at the platform.`,
      })
    : unchanged(after);
}

/** Nothing is known: the clock stands still. */
export function blind(state: CanaryState, { at, why }: Input<'blind'>): Moved {
  const { ticking: _, ...rest } = state;
  return unchanged({
    ...rest,
    lookedAt: at,
    blind: { since: state.blind?.since ?? at, why },
  });
}

function judge(
  before: CanaryState,
  input: Input<'look'>,
  settings: CanarySettings,
): Moved {
  const { at } = input;
  const state = withLook(before, input, settings);
  if (state.phase === 'aborting') {
    return unchanged(state);
  }
  const ending = whyBad(state, settings);
  if (ending) {
    return abort(state, at, { why: ending });
  }
  const isMoving = state.step?.operationId !== undefined;
  if (input.look.percent >= 100 && !state.movesItself && !isMoving) {
    return finish(state, at);
  }
  switch (state.phase) {
    case 'starting':
    case 'watching': {
      const next = isMoving ? state : begin(state, settings);
      return next.phase === 'watching'
        ? watch(next, at, settings)
        : unchanged(next);
    }
    default:
      return unchanged(state);
  }
}

function withLook(
  before: CanaryState,
  { at, look, pipelineLeads, moves }: Input<'look'>,
  settings: CanarySettings,
): CanaryState {
  const {
    blind: _,
    absentSince: __,
    movesItself: ___,
    errors: ____,
    entries: _____,
    ...rest
  } = before;
  const { log, percent, stable, movesItself } = look;
  const lead = leadOf(pipelineLeads, { movesItself, moves });
  const isOut = before.watched >= windowOf(settings);
  return {
    ...rest,
    lead,
    moves,
    lookedAt: at,
    revision: look.revision,
    // What gets the traffic back is what had it, even if the platform no longer tells.
    ...(stable && { stable }),
    percent,
    health: look.health,
    platformPaused: look.paused,
    problems: look.problems,
    absent: 0,
    ...(movesItself && { movesItself }),
    ...(log && log),
    unwell: lead === 'pipeline' ? 0 : unwellAfter(before, look, isOut),
  };
}

/** A platform that can be told nothing moves on by itself, also between two of its own stages. */
function leadOf(
  pipelineLeads: boolean,
  { movesItself, moves }: Pick<CanaryState, 'movesItself' | 'moves'>,
): CanaryLead {
  if (movesItself || moves.length === 0) {
    return 'platform';
  }
  return pipelineLeads ? 'pipeline' : 'portal';
}

/** What is not known neither adds nor takes away. Not being well is bad only once the watch is over. */
function unwellAfter(
  { unwell }: CanaryState,
  { health }: CountedLook,
  isOut: boolean,
): number {
  switch (health.state) {
    case 'unknown':
      return unwell;
    case 'unhealthy':
      return unwell + 1;
    case 'degraded':
      return isOut ? unwell + 1 : 0;
    default:
      return 0;
  }
}

function whyBad(
  { errors, entries, percent, lead, unwell, health }: CanaryState,
  { maxErrors }: CanarySettings,
): string | undefined {
  // Before it gets traffic, the pipeline may still be about to make it well.
  const counts = lead === 'portal' || (percent ?? 0) > 0;
  if (counts && errors !== undefined && errors > maxErrors) {
    return `There are ${errors} errors in its last ${entries} log entries; ${maxErrors} are allowed.`;
  }
  if (unwell >= IN_A_ROW) {
    const reason = health.reason ? `: ${health.reason.replace(/\.$/, '')}` : '';
    return `It is ${health.state}, ${IN_A_ROW} looks in a row${reason}.`;
  }
  return undefined;
}

function wantsStart(
  { lead, started, percent, moves }: CanaryState,
  settings: CanarySettings,
): boolean {
  return (
    lead === 'portal' &&
    !started &&
    (percent ?? 0) < settings.percent &&
    moves.includes('start')
  );
}

/** It is given its share, unless it is not well; or it has that already. */
function begin(state: CanaryState, settings: CanarySettings): CanaryState {
  if (!wantsStart(state, settings)) {
    return state.phase === 'watching' ? state : enter(state, 'watching');
  }
  if (state.health.state === 'unhealthy') {
    return enter(state, 'starting');
  }
  return state.step?.kind === 'start'
    ? state
    : enter(state, 'starting', { kind: 'start' });
}

/** The clock runs from look to look, as long as something is known and it has traffic. */
function watch(
  state: CanaryState,
  at: string,
  settings: CanarySettings,
): Moved {
  const { ticking, ...still } = state;
  const isKnown =
    state.errors !== undefined || state.health.state !== 'unknown';
  if (state.lead !== 'portal' || !isKnown || (state.percent ?? 0) === 0) {
    return unchanged(still);
  }
  const gap = ticking ? Date.parse(at) - Date.parse(ticking) : 0;
  const watched =
    state.watched + Math.min(Math.max(gap, 0) || 0, LONGEST_GAP_MS);
  // Whoever takes traffic from it later at the platform has a reason.
  const after: CanaryState = { ...still, started: true, watched, ticking: at };
  const isWell =
    state.health.state === 'healthy' || state.health.state === 'unknown';
  if (watched < windowOf(settings) || !isWell) {
    return unchanged(after);
  }
  return {
    state: enter(after, 'continuing', { kind: 'finish' }),
    events: [
      {
        at,
        type: 'canary-continued',
        text: `It stayed good for ${settings.minutes} minutes, and gets all of the traffic.`,
      },
    ],
  };
}
