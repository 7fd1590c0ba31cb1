import { InputError } from '@backstage/errors';
import { RRuleTemporal } from 'rrule-temporal';
import { parseRule } from './parseRule';
import { WallTime } from './wallClock';

/** Periods that one question may look at. A limit of what is looked at within them makes the library slow. */
const MAX_PERIODS = 10_000;
const YEAR_MS = 366 * 24 * 60 * 60_000;

/**
 * When a rule of RFC 5545 begins, as readings of the clock. It is expanded as if there were no daylight
 * saving, which is what "Fridays at 15:00" means; the clock of the place comes after that.
 */
export class Recurrence {
  readonly #rule: RRuleTemporal;
  readonly #until: WallTime;
  readonly #isCounted: boolean;
  #counted: WallTime[] | undefined;

  /** Throws an InputError if the rule is not to be used. */
  constructor(options: { rrule: string; start: WallTime; timeZone: string }) {
    const parsed = parseRule(options.rrule, options.timeZone);
    this.#until = parsed.until ?? Number.POSITIVE_INFINITY;
    this.#isCounted = parsed.count !== undefined;
    const start = new Date(options.start)
      .toISOString()
      .replace(/[-:]|\.\d+Z$/g, '');
    this.#rule = bounded(
      () =>
        new RRuleTemporal({
          rruleString: `DTSTART;TZID=UTC:${start}\nRRULE:${parsed.text}`,
          maxIterations: MAX_PERIODS,
        }),
    );
  }

  /** When windows begin, both ends included, in order. */
  startsBetween(from: WallTime, to: WallTime): WallTime[] {
    const last = Math.min(to, this.#until);
    if (last < from) {
      return [];
    }
    if (this.#isCounted) {
      return this.#allCounted().filter(start => start >= from && start <= last);
    }
    return bounded(() =>
      this.#rule.between(new Date(from), new Date(last), true).map(toReading),
    );
  }

  /** When the last window begins, or a time after that; absent if the rule has no end. */
  lastStart(): WallTime | undefined {
    if (this.#isCounted) {
      return this.#allCounted().at(-1);
    }
    if (!Number.isFinite(this.#until)) {
      return undefined;
    }
    const year = this.startsBetween(this.#until - YEAR_MS, this.#until);
    return year.at(-1) ?? this.#until;
  }

  /** Which are the last is counted from the first, however few are asked for. */
  #allCounted(): WallTime[] {
    this.#counted ??= bounded(() => this.#rule.all().map(toReading));
    return this.#counted;
  }
}

function toReading({ epochMilliseconds }: { epochMilliseconds: number }) {
  return epochMilliseconds;
}

/** The library says in words of its own what is wrong; people read ours. */
function bounded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new InputError(
      'window.rrule: cannot be expanded, or only with too much effort. Write it simpler, such as FREQ=WEEKLY;BYDAY=FR;BYHOUR=15;BYMINUTE=0.',
      error instanceof Error ? error : undefined,
    );
  }
}
