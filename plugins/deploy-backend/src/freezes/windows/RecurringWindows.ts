import { FreezeWindow } from '@vvp/backstage-plugin-deploy-common';
import { parseDuration, parseStart } from './parseTimes';
import { Recurrence } from './Recurrence';
import { instantsOf, WallTime, wallTimeAt } from './wallClock';

/** From `from` until just before `to`, in milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

/** A window by a rule. */
export type RecurringWindow = Exclude<FreezeWindow, { from: string }>;

const DAY_MS = 24 * 60 * 60_000;
/** Windows are worked out by the stretch: long enough for rules with few of them, short enough for many. */
const STRETCH_MS = 16 * DAY_MS;
/** A zone is up to 14 hours away from UTC, and a reading may be an hour or two away from its moment. */
const SLACK_MS = DAY_MS;
/** More than six years. */
const MAX_STRETCHES = 150;

/**
 * The windows of a rule one by one, which may overlap or follow on one another. Only those near the moment
 * that is asked about are worked out, and each once.
 */
export class RecurringWindows {
  readonly #recurrence: Recurrence;
  readonly #duration: number;
  readonly #timeZone: string;
  readonly #first: WallTime;
  readonly #stretches = new Map<number, readonly Span[]>();

  /** Throws an InputError if the rule is not to be used. */
  constructor({ rrule, timeZone, start, duration }: RecurringWindow) {
    this.#first = parseStart(start);
    this.#recurrence = new Recurrence({ rrule, timeZone, start: this.#first });
    this.#duration = parseDuration(duration);
    this.#timeZone = timeZone;
  }

  /**
   * Those that begin at a moment or before, the latest first, as far back as one could still be open then,
   * or reach the one given last. Of these, none ends later than one that begins after it.
   */
  *before(at: number): Generator<Span> {
    const clock = wallTimeAt(at, this.#timeZone);
    let reach = clock - this.#duration - SLACK_MS;
    for (
      let stretch = stretchOf(clock + SLACK_MS);
      (stretch + 1) * STRETCH_MS > Math.max(reach, this.#first);
      stretch--
    ) {
      for (const one of [...this.#windowsIn(stretch)].reverse()) {
        if (one.from <= at) {
          yield one;
          reach = stretch * STRETCH_MS - this.#duration - SLACK_MS;
        }
      }
    }
  }

  /** Those that begin after a moment, in order, and before `limit`. */
  *after(at: number, limit: number): Generator<Span> {
    const last = stretchOf(wallTimeAt(limit, this.#timeZone) + SLACK_MS);
    const from = wallTimeAt(at, this.#timeZone) - SLACK_MS;
    let stretch = stretchOf(Math.max(from, this.#first));
    for (; stretch <= last; stretch++) {
      for (const one of this.#windowsIn(stretch)) {
        if (one.from >= limit) {
          return;
        }
        if (one.from > at) {
          yield one;
        }
      }
    }
  }

  #windowsIn(stretch: number): readonly Span[] {
    const known = this.#stretches.get(stretch);
    if (known) {
      return known;
    }
    const begins = stretch * STRETCH_MS;
    const windows = this.#recurrence
      .startsBetween(begins, begins + STRETCH_MS - 1)
      .map(start => this.#toSpan(start))
      // The clock jumped over the whole of it.
      .filter(({ from, to }) => from < to);
    if (this.#stretches.size >= MAX_STRETCHES) {
      this.#stretches.clear();
    }
    this.#stretches.set(stretch, windows);
    return windows;
  }

  #toSpan(start: WallTime): Span {
    return {
      from: instantsOf(start, this.#timeZone).first,
      to: instantsOf(start + this.#duration, this.#timeZone).last,
    };
  }
}

function stretchOf(reading: WallTime): number {
  return Math.floor(reading / STRETCH_MS);
}
