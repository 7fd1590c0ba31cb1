import { TargetHealth } from './target';

/**
 * Where the canary of a promotion stands.
 *
 * - `starting`: the new revision is there; it gets its share of the traffic next.
 * - `watching`: it has its share, and its errors are counted.
 * - `paused`: a person stopped the clock; errors still end it.
 * - `continuing`: it gets all of the traffic next.
 * - `aborting`: what ran before gets all of the traffic back.
 * - `done`: it has all of the traffic.
 * - `aborted`: what ran before has all of the traffic.
 * - `failed`: it could be moved neither way; a person has to look.
 *
 * @public
 */
export type CanaryPhase =
  | 'starting'
  | 'watching'
  | 'paused'
  | 'continuing'
  | 'aborting'
  | 'done'
  | 'aborted'
  | 'failed';

/**
 * How a canary is watched.
 *
 * @public
 */
export interface CanarySettings {
  /** Share of the traffic that it gets first, 1 to 99. */
  percent: number;
  /** How long it is watched. */
  minutes: number;
  /** More errors than this among the last `logEntries` entries of its log end it. */
  maxErrors: number;
  logEntries: number;
}

/**
 * 10 %, 5 minutes, 5 errors in 100 log entries.
 *
 * @public
 */
export const defaultCanarySettings: CanarySettings = {
  percent: 10,
  minutes: 5,
  maxErrors: 5,
  logEntries: 100,
};

/**
 * What a platform shows of a release that gets a part of the traffic.
 *
 * @public
 */
export interface CanaryLook {
  /** The new one. */
  revision: string;
  /** What has the rest of the traffic; absent if nothing else is there. */
  stable?: string;
  /** What the new one gets, 0 to 100. */
  percent: number;
  /** The platform was told to stand still. */
  paused: boolean;
  /** The platform moves on by itself, such as ECS blue/green; nobody can hold or hasten it. */
  movesItself?: {
    /** As the platform names it, such as `BAKE_TIME`. */
    phase: string;
    /** ISO 8601, where it is known. */
    until?: string;
  };
  /** The newest entries of the new one's log, oldest first; absent where they cannot be read. */
  log?: string[];
  /** Of the new one. */
  health: TargetHealth;
  /** What could not be read, whole sentences. */
  problems: string[];
}

/**
 * The canary of a promotion, as it is shown.
 *
 * @public
 */
export interface Canary {
  phase: CanaryPhase;
  settings: CanarySettings;
  revision?: string;
  /** What runs besides it. */
  stable?: string;
  /** As the platform told it last, 0 to 100. */
  percent?: number;
  /** ISO 8601. */
  startedAt: string;
  /** When the clock of the watch last stood where `watchSecondsLeft` says, ISO 8601. */
  lookedAt: string;
  /** Runs down while `watching` only; absent where the platform moves on by itself and does not say. */
  watchSecondsLeft?: number;
  /** Errors among `entries`; absent where no log can be read. */
  errors?: number;
  /** How many log entries were looked at. */
  entries?: number;
  health: TargetHealth;
  pausedBy?: string;
  /** Why it was aborted or failed, or what could not be read, whole sentences. */
  notes: string[];
  /** The operation that moves it, or moved it last. */
  operationId?: string;
}
