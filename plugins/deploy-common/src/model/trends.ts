import { EvidenceType } from './evidence';

/**
 * One line of a chart.
 *
 * @public
 */
export interface TrendSeries {
  /** Stable, for programs: `lines`, `passed`, `duration`, `critical`, `latency.p95`. */
  metric: string;
  suite?: string;
  mode?: string;
  scenario?: string;
  environment?: string;
  /** `percent`, `s`, `count`, `ms` and so on. */
  unit: string;
  /** Oldest first. */
  points: {
    measuredAt: string;
    value: number;
    commit: string;
    evidenceId: string;
  }[];
}

/**
 * A limit that a gate sets, to be drawn into a chart.
 *
 * @public
 */
export interface TrendThreshold {
  gate: string;
  environment: string;
  metric: string;
  suite?: string;
  scenario?: string;
  operator: 'minimum' | 'maximum' | 'moreThan' | 'lessThan';
  value: number;
  unit: string;
}

/**
 * Answer of `GET S/trends`.
 *
 * @public
 */
export interface Trends {
  type: EvidenceType;
  from: string;
  to: string;
  series: TrendSeries[];
  thresholds: TrendThreshold[];
}
