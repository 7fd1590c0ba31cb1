import {
  CoverageCount,
  Evidence,
  EvidenceType,
  FindingCategory,
  Severity,
  Waiver,
} from '../model';
import type { MetricValue } from './metricValue';

/**
 * What a rule looks at. A report must have every property that is given here.
 *
 * @public
 */
export interface EvidenceSelector {
  type: EvidenceType;
  suite?: string;
  mode?: string;
  /** Beginning of the tool's name, in any case: `CodeQL`, `Trivy`. */
  tool?: string;
  /** Environment it was measured in; `here` for the environment of the gate, `previous` for the one before. */
  environment?: string;
}

/**
 * Which number of a report is judged. Percentages are 0 to 100.
 *
 * - coverage: `lines`, `branches`, `functions`, `changed-lines` (percent);
 * - test: `total`, `passed`, `failed`, `skipped`, `flaky` (count), `pass-rate` (percent), `duration` (s);
 * - security: `findings` (count, narrowed by `severity` and `category`);
 * - performance: name of a measurement, in the unit of the rule's `unit`.
 *
 * @public
 */
export interface GateMetric {
  name: string;
  /** performance: default `default`. */
  scenario?: string;
  /** performance: the unit that the thresholds are in; measurements are converted. */
  unit?: string;
  /** security: findings of this severity or worse count. */
  severity?: Severity;
  /** security: findings of these categories count; default all. */
  categories?: FindingCategory[];
}

/**
 * One rule, checked and in order. All that it asks must hold. Durations are in seconds.
 *
 * @public
 */
export interface GateRule {
  /** Key in the policy. */
  name: string;
  title: string;
  /** Absent for a rule on `soak` or `succeededIn` alone. */
  evidence?: EvidenceSelector;
  /** Absent: only that the report exists, is complete, or its age counts. */
  metric?: GateMetric;
  /** Actual must be at least this. */
  minimum?: number;
  /** Actual must be at the most this. */
  maximum?: number;
  /** Actual must be above this. */
  moreThan?: number;
  /** Actual must be below this. */
  lessThan?: number;
  /** Actual must not be worse than the median of the last `over` reports by more than `by`. */
  baseline?: {
    /** In percent of the baseline, or in the unit of the metric. */
    by: number;
    kind: 'percent' | 'absolute';
    over: number;
    /** With fewer earlier values than this the check is pending; with 0 the first report passes. Default 3. */
    atLeast: number;
    /** Which direction is worse. */
    worse: 'higher' | 'lower';
  };
  /** The report may be this old. */
  maxAgeSeconds?: number;
  /** The report must be of this very commit; nothing is carried forward. */
  sameCommit: boolean;
  /** The scan must have come to its end, or a test must have run. Default for both. */
  completed: boolean;
  /** This gate must pass in that environment for the same release; `previous` for the one before. */
  passedIn?: string;
  /** The release must have been deployed with success there. */
  succeededIn?: string;
  /** The release must have run there for this long; `previous` for the one before. */
  soak?: { environment: string; seconds: number };
  /** changed-lines: fewer changed lines than this are exempt. Default 20. */
  smallChange: number;
  /** Missing evidence is `pending` for this long after the release appeared, then `fail`. */
  pendingForSeconds: number;
}

/**
 * A report that a rule may be judged on.
 *
 * @public
 */
export interface GateEvidence {
  evidence: Evidence;
  /**
   * How its commit relates to the release: the same; an earlier one since when no path of the service
   * changed; an earlier one since when some did; or not known yet.
   */
  relation: 'same' | 'unchanged' | 'changed' | 'unknown';
  /** Coverage of the lines that the release changes; absent while the change is not known. */
  changedLines?: CoverageCount;
  /** How many lines of the service's code the release changes, covered or not. */
  changedLineCount?: number;
  /** GitHub does not tell all of what the release changes, and never will. */
  changeTooLarge?: boolean;
  /**
   * Values of the metric in reports of this kind on earlier commits, last measured first; default none.
   */
  history?: readonly MetricValue[];
}

/**
 * What is known when a rule is judged. Gathered at the edge.
 *
 * @public
 */
export interface GateFacts {
  /** ISO 8601. */
  now: string;
  release: {
    commit: string;
    version?: string;
    /** First seen. */ since: string;
  };
  environment: string;
  /**
   * Judged for this pull request instead of a release: its own reports count, too. Without it no report
   * of a pull request counts.
   */
  pullRequest?: number;
  /** Name of the environment before this one in the order, if there is one. */
  previousEnvironment?: string;
  /** Reports that match the selector, without those of pull requests, last measured first. */
  evidence: GateEvidence[];
  /** State of gates of the same name for the same release in other environments. */
  elsewhere: Record<string, 'pass' | 'fail' | 'pending' | 'waived' | 'none'>;
  /** When the release was deployed with success, and until when it ran there, by environment. */
  deployed: Record<string, { since: string; until?: string }>;
  /** Granted for this gate, release and environment; may have expired. */
  waiver?: Waiver;
}
