import {
  Canary,
  CanaryPhase,
  Promotion,
} from '@vvp/backstage-plugin-deploy-common';
import { countText, numberText } from './numbers';
import { reasonProblem } from './promotions';
import { StatusText, Tone } from './status';

const second = 1000;
/** Above that the two clocks do not agree, or nothing was looked at. */
const agreeMilliseconds = 60 * second;
/** The backend looks more often; its clock stands while it cannot. */
const standsAfterSeconds = 30;

/**
 * Texts and tones of every phase of a canary.
 *
 * @internal
 */
export const canaryTexts: Record<CanaryPhase, StatusText> = {
  starting: {
    label: 'Canary starting',
    meaning: 'The new revision is there; it gets its share of the traffic next',
    tone: 'progress',
  },
  watching: {
    label: 'Canary watched',
    meaning: 'The new revision has its share, and its errors are counted',
    tone: 'progress',
  },
  paused: {
    label: 'Canary paused',
    meaning: 'The clock stands; errors still end it',
    tone: 'attention',
  },
  continuing: {
    label: 'Canary continuing',
    meaning: 'The new revision gets all of the traffic next',
    tone: 'progress',
  },
  aborting: {
    label: 'Canary aborting',
    meaning: 'What ran before gets all of the traffic back',
    tone: 'attention',
  },
  done: {
    label: 'Canary done',
    meaning: 'The new revision has all of the traffic',
    tone: 'success',
  },
  aborted: {
    label: 'Canary aborted',
    meaning: 'What ran before has all of the traffic',
    tone: 'attention',
  },
  failed: {
    label: 'Canary failed',
    meaning: 'It could be moved neither way; a person has to look',
    tone: 'error',
  },
};

/**
 * Whether nothing moves any more.
 *
 * @internal
 */
export function isCanaryOver({ phase }: Pick<Canary, 'phase'>): boolean {
  return phase === 'done' || phase === 'aborted' || phase === 'failed';
}

/**
 * What goes on, and what comes next by itself, whole sentences.
 *
 * @internal
 */
export function canaryText(canary: Canary): string {
  const { phase, settings, percent, watchSecondsLeft } = canary;
  const share = percent === undefined ? undefined : percentText(percent);
  switch (phase) {
    case 'starting':
      return `The new revision is there. It gets ${percentText(
        settings.percent,
      )} of the traffic next.`;
    case 'watching': {
      const has = share
        ? `The new revision has ${share} of the traffic.`
        : 'The new revision has an unknown share of the traffic.';
      return percent === 100 || watchSecondsLeft === undefined
        ? `${has} Too many errors or bad health take it back.`
        : `${has} It gets all of it when the watch is over; too many errors or bad health take it back.`;
    }
    case 'paused':
      return `The new revision keeps ${
        share ?? 'its share'
      } of the traffic until somebody continues or aborts. Too many errors or bad health still take it back.`;
    case 'continuing':
      return 'The new revision gets all of the traffic now.';
    case 'aborting':
      return 'What ran before gets all of the traffic back now.';
    case 'done':
      return 'The new revision has all of the traffic.';
    case 'aborted':
      return 'What ran before has all of the traffic.';
    default:
      return `It could be moved neither way${
        share ? `: the new revision has ${share} of the traffic` : ''
      }. Look at the platform and at the steps, or roll back.`;
  }
}

/**
 * What is about to go wrong while the new revision has its share, whole sentences; nothing while all is well.
 *
 * @internal
 */
export function canaryAlarm(
  canary: Pick<Canary, 'phase' | 'errors' | 'settings' | 'health'>,
): { text: string; tone: 'error' | 'attention' } | undefined {
  const { phase, errors = 0, settings, health } = canary;
  if (phase !== 'watching' && phase !== 'paused' && phase !== 'starting') {
    return undefined;
  }
  const { maxErrors } = settings;
  const texts = [
    errors > maxErrors && 'It has more errors than are let pass.',
    // Where none is let pass, none is no bad sign.
    maxErrors > 0 && errors === maxErrors && 'The next error takes it back.',
    health.state === 'unhealthy' && 'The new revision is unhealthy.',
    health.state === 'degraded' && 'The new revision is degraded.',
  ].filter(Boolean);
  return texts.length === 0
    ? undefined
    : {
        text: texts.join(' '),
        tone:
          errors > maxErrors || health.state === 'unhealthy'
            ? 'error'
            : 'attention',
      };
}

/**
 * The text of the phase, in the tone of what is about to go wrong.
 *
 * @internal
 */
export function canaryStatus(
  canary: Pick<Canary, 'phase' | 'errors' | 'settings' | 'health'>,
): StatusText {
  const text = canaryTexts[canary.phase];
  const alarm = canaryAlarm(canary);
  return alarm ? { ...text, tone: alarm.tone } : text;
}

/**
 * How the errors stand against what is let pass; not known where no log can be read.
 *
 * @internal
 */
export function canaryErrors(
  canary: Pick<Canary, 'errors' | 'entries' | 'settings'>,
): { text: string; tone: Tone } {
  const { errors, entries = 0, settings } = canary;
  if (errors === undefined) {
    return {
      text: 'No log can be read: its health alone is judged.',
      tone: 'neutral',
    };
  }
  const { maxErrors } = settings;
  const found = `${countText(errors, 'error')} in ${countText(
    entries,
    'log entry',
    'log entries',
  )}`;
  if (errors > maxErrors) {
    const few = maxErrors === 0 ? 'none is' : `only ${verbOf(maxErrors)}`;
    return { text: `${found}, ${few} let pass.`, tone: 'error' };
  }
  return {
    text: `${found}, ${
      maxErrors === 0 ? 'none is' : verbOf(maxErrors)
    } let pass.`,
    tone: errors > 0 ? 'attention' : 'success',
  };
}

/**
 * Seconds that the watch still lasts, never below 0; absent where it is not told.
 *
 * The clock runs from the last look where the browser's clock and the backend's agree, else from when the
 * answer came. It stands where nothing was looked at for a while, as the backend's does.
 *
 * @param receivedAt - when the browser first saw this look, milliseconds
 * @param now - milliseconds
 * @internal
 */
export function watchLeft(
  canary: Pick<Canary, 'phase' | 'lookedAt' | 'watchSecondsLeft'>,
  receivedAt: number,
  now: number,
): number | undefined {
  const { phase, lookedAt, watchSecondsLeft } = canary;
  if (watchSecondsLeft === undefined || phase !== 'watching') {
    return watchSecondsLeft;
  }
  const age = receivedAt - Date.parse(lookedAt);
  const from =
    age >= 0 && age <= agreeMilliseconds ? receivedAt - age : receivedAt;
  const passed = Math.max(0, (now - from) / second);
  return Math.max(0, watchSecondsLeft - Math.min(passed, standsAfterSeconds));
}

/**
 * Whether the clock of the watch stands, because nothing could be looked at.
 *
 * @internal
 */
export function watchStands(
  { phase }: Pick<Canary, 'phase'>,
  receivedAt: number,
  now: number,
): boolean {
  return phase === 'watching' && now - receivedAt > standsAfterSeconds * second;
}

/**
 * Whether a later look left the clock of the watch where it was: the platform was silent, or told nothing
 * that the release could be judged by.
 *
 * @internal
 */
export function isWatchStill(
  before: Pick<Canary, 'phase' | 'watchSecondsLeft'>,
  after: Pick<Canary, 'phase' | 'watchSecondsLeft'>,
): boolean {
  return (
    before.phase === 'watching' &&
    after.phase === 'watching' &&
    before.watchSecondsLeft !== undefined &&
    after.watchSecondsLeft !== undefined &&
    after.watchSecondsLeft >= before.watchSecondsLeft
  );
}

/**
 * The share of the traffic of the new revision and of the other one, 0 to 100; absent where it is not told.
 *
 * @internal
 */
export function trafficShares({
  percent,
}: Pick<Canary, 'percent'>): { fresh: number; stable: number } | undefined {
  if (percent === undefined || !Number.isFinite(percent)) {
    return undefined;
  }
  const fresh = Math.min(100, Math.max(0, percent));
  return { fresh, stable: 100 - fresh };
}

/**
 * "10 %".
 *
 * @internal
 */
export function percentText(percent: number): string {
  return `${numberText(percent)} %`;
}

/**
 * What an announcement says to those who listen; nothing that changes every second.
 *
 * @internal
 */
export function spokenCanary(canary: Canary): string {
  const alarm = canaryAlarm(canary);
  return [
    `${canaryTexts[canary.phase].label}.`,
    ...(alarm ? [alarm.text] : []),
    canaryText(canary),
  ].join(' ');
}

/**
 * The word that has to be typed before a canary is aborted: the service's name in production, as for a
 * rollback.
 *
 * @internal
 */
export function abortConfirmation(
  tier: string,
  name: string,
): string | undefined {
  return tier === 'production' ? name : undefined;
}

/**
 * Whether what is filled in is enough to abort, and what is missing.
 *
 * @internal
 */
export function abortMissing(
  form: { reason: string; confirm: string },
  confirmation: string | undefined,
): string | undefined {
  const reason = reasonProblem(form.reason);
  if (reason) {
    return reason;
  }
  return confirmation !== undefined && form.confirm !== confirmation
    ? `Still to type: ${confirmation}`
    : undefined;
}

/**
 * What the user may not do now, each reason once with what it is about.
 *
 * @internal
 */
export function refusedMoves(
  promotion: Pick<Promotion, 'mayPause' | 'mayContinue' | 'mayAbort'>,
): { moves: string[]; why: string }[] {
  const { mayPause, mayContinue, mayAbort } = promotion;
  const asked = [
    { move: 'Pause', may: mayPause },
    { move: 'Continue', may: mayContinue },
    { move: 'Abort', may: mayAbort },
  ];
  const byReason = new Map<string, string[]>();
  for (const { move, may } of asked) {
    if (may && !may.allowed) {
      const why = may.why ?? 'The backend does not allow it.';
      byReason.set(why, [...(byReason.get(why) ?? []), move]);
    }
  }
  return [...byReason].map(([why, moves]) => ({ moves, why }));
}

function verbOf(count: number): string {
  return `${numberText(count)} ${count === 1 ? 'is' : 'are'}`;
}
