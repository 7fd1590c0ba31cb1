import {
  convertUnit,
  severities,
  Severity,
  TrendSeries,
  TrendThreshold,
} from '@vvp/backstage-plugin-deploy-common';
import { concerns, sourceKey } from './evidence';
import { quantityText } from './numbers';

/**
 * One line of a chart, with its name.
 *
 * @internal
 */
export interface ChartSeries {
  key: string;
  label: string;
  /** Oldest first. */
  points: { time: number; value: number; commit?: string }[];
}

/**
 * A limit to be drawn, for the environments that have it.
 *
 * @internal
 */
export interface ChartLimit {
  /** In the unit of the chart. */
  value: number;
  /** "at least 79 %". */
  short: string;
  /** "coverage in staging, production: at least 79 %". */
  label: string;
}

/**
 * One time of a chart with the values of the lines that have one then.
 *
 * @internal
 */
export interface ChartRow {
  time: number;
  commit?: string;
  values: Record<string, number>;
}

/**
 * Which limits a chart draws.
 *
 * @internal
 */
export interface AskedLimits {
  metric: string;
  /** Of the chart; limits that cannot be told in it are left out. */
  unit: string;
  environment?: string;
  suite?: string;
  scenario?: string;
}

const limitSigns: Record<TrendThreshold['operator'], string> = {
  minimum: 'at least',
  maximum: 'at most',
  moreThan: 'more than',
  lessThan: 'less than',
};

/**
 * Makes lines of the series of some metrics, named by what tells them apart.
 *
 * @internal
 */
export function chartSeries(
  series: TrendSeries[],
  options: {
    metric(metric: string): boolean;
    environment?: string;
    /** Key of the only source that counts. */
    source?: string;
    scenario?: string;
    label(series: TrendSeries): string;
  },
): ChartSeries[] {
  const { source, scenario } = options;
  return series
    .filter(
      each =>
        options.metric(each.metric) &&
        concerns(each, options.environment) &&
        (source === undefined || sourceKey(each) === source) &&
        (scenario === undefined || (each.scenario ?? 'default') === scenario) &&
        each.points.length > 0,
    )
    .map(each => ({
      key: seriesKey(each),
      label: options.label(each),
      points: each.points
        .map(({ measuredAt, value, commit }) => ({
          time: Date.parse(measuredAt),
          value,
          commit,
        }))
        .filter(
          ({ time, value }) => Number.isFinite(time) && Number.isFinite(value),
        ),
    }))
    .filter(each => each.points.length > 0);
}

/**
 * The limits that gates set for a metric; equal ones of several environments are one line.
 *
 * @internal
 */
export function chartLimits(
  thresholds: TrendThreshold[],
  asked: AskedLimits,
): ChartLimit[] {
  const merged = new Map<string, TrendThreshold & { environments: string[] }>();
  for (const threshold of thresholds) {
    if (!concernsLimit(threshold, asked)) {
      continue;
    }
    const { gate, operator, value, unit } = threshold;
    const key = JSON.stringify([gate, operator, value, unit]);
    const known = merged.get(key);
    if (known) {
      known.environments.push(threshold.environment);
    } else {
      merged.set(key, { ...threshold, environments: [threshold.environment] });
    }
  }
  return [...merged.values()].flatMap(
    ({ gate, operator, value, unit, environments }) => {
      const converted = convertUnit(value, unit, asked.unit);
      if (converted === undefined) {
        return [];
      }
      const short = `${limitSigns[operator]} ${quantityText(value, unit)}`;
      const where = [...new Set(environments)].join(', ');
      return [
        { value: converted, short, label: `${gate} in ${where}: ${short}` },
      ];
    },
  );
}

/**
 * Puts lines side by side, one row for each time, oldest first.
 *
 * @internal
 */
export function chartRows(series: ChartSeries[]): ChartRow[] {
  const rows = new Map<number, ChartRow>();
  for (const { key, points } of series) {
    for (const { time, value, commit } of points) {
      const row = rows.get(time) ?? { time, commit, values: {} };
      row.values[key] = value;
      rows.set(time, row);
    }
  }
  return [...rows.values()].sort((left, right) => left.time - right.time);
}

/**
 * Open findings of each severity over time: at every time the last known counts of all scans together.
 *
 * @internal
 */
export function severitySeries(
  series: TrendSeries[],
  environment?: string,
): ChartSeries[] {
  const counted = series.filter(
    each => isSeverity(each.metric) && concerns(each, environment),
  );
  const times = [
    ...new Set(
      counted.flatMap(({ points }) =>
        points.map(({ measuredAt }) => Date.parse(measuredAt)),
      ),
    ),
  ]
    .filter(Number.isFinite)
    .sort((left, right) => left - right);
  if (times.length === 0) {
    return [];
  }
  return severities.map(severity => ({
    key: severity,
    label: severity,
    points: sumOverTime(
      counted.filter(({ metric }) => metric === severity),
      times,
    ),
  }));
}

/**
 * The range of an axis that has room for all values and limits, with whole steps at its ends.
 *
 * @internal
 */
export function axisRange(
  values: number[],
  options: { percent?: boolean; fromZero?: boolean } = {},
): [number, number] {
  const finite = values.filter(Number.isFinite);
  const highest = finite.reduce((a, b) => Math.max(a, b), 0);
  const lowest = finite.reduce((a, b) => Math.min(a, b), highest);
  if (options.percent && highest <= 100) {
    const start = Math.floor((lowest - 2) / 10) * 10;
    return [Math.max(0, Math.min(start, 90)), 100];
  }
  const top = roundUp(highest * 1.05);
  return [Math.min(0, lowest), top === 0 ? 1 : top];
}

function sumOverTime(
  series: TrendSeries[],
  times: number[],
): ChartSeries['points'] {
  const cursors = series.map(({ points }) => ({ points, next: 0, value: 0 }));
  return times.map(time => {
    let sum = 0;
    for (const cursor of cursors) {
      while (
        cursor.next < cursor.points.length &&
        Date.parse(cursor.points[cursor.next].measuredAt) <= time
      ) {
        cursor.value = cursor.points[cursor.next].value;
        cursor.next += 1;
      }
      sum += cursor.value;
    }
    return { time, value: sum };
  });
}

function concernsLimit(threshold: TrendThreshold, asked: AskedLimits): boolean {
  return (
    threshold.metric === asked.metric &&
    (asked.environment === undefined ||
      threshold.environment === asked.environment) &&
    (asked.suite === undefined ||
      threshold.suite === undefined ||
      threshold.suite === asked.suite) &&
    (asked.scenario === undefined ||
      (threshold.scenario ?? 'default') === asked.scenario)
  );
}

function seriesKey(series: TrendSeries): string {
  const { metric, suite, mode, scenario, environment } = series;
  return JSON.stringify([metric, suite, mode, scenario, environment]);
}

function isSeverity(metric: string): metric is Severity {
  return (severities as readonly string[]).includes(metric);
}

/** To the next number of two digits, such as 240 or 0.35. */
function roundUp(value: number): number {
  if (value <= 0) {
    return 0;
  }
  const step = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.ceil(value / step) * step).toPrecision(12));
}
