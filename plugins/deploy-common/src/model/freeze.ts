import { EnvironmentTier } from './environment';

/**
 * What a freeze lets through all the same.
 *
 * @public
 */
export type FreezeExemption = 'hotfix' | 'rollback';

/**
 * Which environments a freeze is about; all that is given must hold. An empty scope is everything.
 *
 * @public
 */
export interface FreezeScope {
  tiers?: EnvironmentTier[];
  /** Names of environments. */
  environments?: string[];
  /** Entity refs of systems. */
  systems?: string[];
  /** Entity refs of services. */
  services?: string[];
}

/**
 * When nothing is let through: once, or again and again by a rule of RFC 5545.
 *
 * @public
 */
export type FreezeWindow =
  | {
      /** ISO 8601. */
      from: string;
      /** ISO 8601, after `from`. */
      to: string;
    }
  | {
      /** `FREQ=WEEKLY;BYDAY=FR;BYHOUR=15;BYMINUTE=0`, without `DTSTART`. */
      rrule: string;
      /** IANA name, such as `Europe/Berlin`; the rule is read on the clock there. */
      timeZone: string;
      /** Local date and time of the first window, `2026-11-20T15:00`, without a zone. */
      start: string;
      /** Length of each window on the clock there, ISO 8601, such as `PT63H`. */
      duration: string;
    };

/**
 * A time in which nothing is deployed but what its exemptions let through.
 *
 * @public
 */
export interface Freeze {
  id: string;
  /** What it is called, such as "Weekend". */
  title: string;
  reason: string;
  scope: FreezeScope;
  window: FreezeWindow;
  allows: FreezeExemption[];
  /** Entity ref of whoever set it, or `configuration`. */
  by: string;
  createdAt: string;
  /** The window that is open now: nothing is let through until its end. */
  current?: { from: string; to: string };
  /** The next one after that. */
  next?: { from: string; to: string };
}

/**
 * A freeze that stops an environment now.
 *
 * @public
 */
export interface FreezeInForce {
  id: string;
  title: string;
  reason: string;
  by: string;
  since: string;
  /** When its own window ends, with those of it that follow on one another. */
  until?: string;
  /** When the environment opens: the end of all windows that follow on one another. */
  nextOpen: string;
  allows: FreezeExemption[];
}

/**
 * Answer of `POST /freezes/preview`.
 *
 * @public
 */
export interface FreezePreview {
  /** The first ones, ISO 8601, at most 5, in order; the one that is open already included. */
  windows: { from: string; to: string }[];
}

/**
 * Body of `POST /freezes`.
 *
 * @public
 */
export type NewFreeze = Pick<
  Freeze,
  'title' | 'reason' | 'scope' | 'window'
> & {
  /** Default: rollbacks only. */
  allows?: FreezeExemption[];
};
