import {
  ComparedMeasurement,
  Measurement,
  median,
  PerformanceSummary,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { JoinedEvidenceRow } from '../store/toEvidence';
import { earlierEvidence } from './evidenceQuery';

/** Values that a baseline is the median of. */
const VALUES = 10;

/** Reports that are looked through for them: not every report has every scenario. */
const MAX_REPORTS = 50;

/** The measurements of a report, each beside what is usual: its median on other commits before. */
export async function compareMeasurements(
  knex: Knex,
  row: JoinedEvidenceRow,
  summary: PerformanceSummary,
): Promise<ComparedMeasurement[]> {
  const earlier = await earlierEvidence(knex, row, row)
    .whereNot('commit_sha', row.commit_sha)
    .limit(MAX_REPORTS);
  return withBaselines(
    summary.measurements,
    earlier.map(report => JSON.parse(report.summary).measurements),
  );
}

/**
 * Puts the median of the last values beside each measurement.
 *
 * @param earlier - measurements of earlier reports, last measured first
 */
export function withBaselines(
  measurements: readonly Measurement[],
  earlier: readonly (readonly Measurement[])[],
): ComparedMeasurement[] {
  const values = new Map<string, number[]>(
    measurements.map(one => [keyOf(one), []]),
  );
  for (const one of earlier.flat()) {
    const known = values.get(keyOf(one));
    if (known && known.length < VALUES) {
      known.push(one.value);
    }
  }
  return measurements.map(one => {
    const baseline = median(values.get(keyOf(one)) ?? []);
    return { ...one, ...(baseline !== undefined && { baseline }) };
  });
}

function keyOf({ scenario, metric, unit }: Measurement): string {
  return JSON.stringify([scenario, metric, unit]);
}
