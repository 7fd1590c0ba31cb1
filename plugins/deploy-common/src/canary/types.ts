import { CanaryLook, CanaryPhase, Failure, PromotionEvent } from '../model';

/**
 * What the portal does to the traffic of a canary.
 *
 * - `start`: the new revision gets its share.
 * - `pause`: the platform stands still.
 * - `finish`: the new revision gets all of it.
 * - `abort`: what ran before gets all of it back.
 *
 * @public
 */
export type CanaryStep = 'start' | 'pause' | 'finish' | 'abort';

/**
 * Who decides about the traffic now: the job of the pipeline that is still under way, the portal once that
 * has succeeded, or the platform where it moves on by itself.
 *
 * @public
 */
export type CanaryLead = 'pipeline' | 'portal' | 'platform';

/**
 * What is kept of a canary; everything that decides stands here. Times are ISO 8601.
 *
 * @public
 */
export interface CanaryState
  extends Partial<Pick<CanaryLook, 'revision' | 'stable' | 'percent'>>,
    Pick<CanaryLook, 'health'> {
  phase: CanaryPhase;
  /** The platform shows the release beside what else runs; until then there is nothing to show. */
  began: boolean;
  lead: CanaryLead;
  /** What the platform can be told. */
  moves: readonly CanaryStep[];
  startedAt: string;
  lookedAt: string;
  /** How far the clock of the watch got, in milliseconds. */
  watched: number;
  /** Since when it runs; absent while it stands still. */
  ticking?: string;
  /** The share was given once; it is not given again. */
  started?: boolean;
  /** Among `entries`; absent where no log can be read. */
  errors?: number;
  entries?: number;
  platformPaused?: boolean;
  movesItself?: CanaryLook['movesItself'];
  problems: readonly string[];
  /** How many looks in a row were bad, and showed no revision. */
  unwell: number;
  absent: number;
  absentSince?: string;
  /** The platform could not be asked since then, and why. */
  blind?: { since: string; why: string };
  pausedBy?: string;
  /** Why it is taken back; `by` is absent for the portal itself. */
  ending?: { by?: string; why: string };
  /** What is to be done, or is being done once it has an operation. */
  step?: {
    kind: CanaryStep;
    /** Counts every try of every step of this canary: an operation is begun once for each. */
    number: number;
    /** How often it failed. */
    failed: number;
    /** Who asked for it; absent for the portal itself. */
    by?: string;
    operationId?: string;
    /** Why it cannot begin yet. */
    waits?: string;
  };
  /** How many steps there were. */
  steps: number;
  /** Of the step now, or the last one. */
  operationId?: string;
  /** Something else was deployed over it: nothing is to be said of the release. */
  replaced?: boolean;
  /** What went wrong and stays worth knowing, whole sentences. */
  troubles: readonly string[];
}

/**
 * A look at the platform, with the log counted.
 *
 * @public
 */
export type CountedLook = Omit<CanaryLook, 'log'> & {
  /** Absent where no log can be read. */
  log?: { errors: number; entries: number };
};

/**
 * Something that happens to a canary.
 *
 * @public
 */
export type CanaryInput = { at: string } & (
  | {
      type: 'look';
      look: CountedLook;
      /** The job of the pipeline is still under way. */
      pipelineLeads: boolean;
      moves: readonly CanaryStep[];
    }
  /** The platform has no revision of the release. */
  | { type: 'absent'; pipelineLeads: boolean }
  /** The platform could not be asked. */
  | { type: 'blind'; why: string }
  | { type: 'pause'; by: string; comment?: string }
  | { type: 'continue'; by: string; comment?: string }
  | { type: 'abort'; by: string; reason: string }
  | { type: 'submitted'; step: CanaryStep; operationId: string }
  | { type: 'waits'; step: CanaryStep; why: string }
  /** It cannot be begun, and trying again may not mend it. */
  | { type: 'refused'; step: CanaryStep; why: string }
  | {
      type: 'ended';
      operationId: string;
      status: 'succeeded' | 'failed' | 'cancelled';
      /** Everything is as it was before. */
      asBefore: boolean;
      why?: string;
      /** Who cancelled it. */
      by?: string;
    }
  /** The promotion ended by other means. */
  | { type: 'over'; rolledBack: boolean; text: string }
  /** Something else was deployed over it. */
  | { type: 'replaced' }
);

/**
 * Answer of `moveCanary`: the state after, and what to add to the promotion's history. A refusal changes
 * nothing.
 *
 * @public
 */
export type CanaryMoved =
  | { state: CanaryState; events: Omit<PromotionEvent, 'sequence'>[] }
  | { refusal: Failure };
