import { InputError } from '@backstage/errors';
import {
  Evidence,
  EvidenceType,
  TrendFilter,
  Trends,
  TrendThreshold,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { Visibility } from '../../../permissions/Authorizer';
import { isoTime } from '../../../reading/DeploymentReader';
import { toEvidence } from '../../store/toEvidence';
import { visibleEvidence } from '../evidenceQuery';
import { seriesOf } from './series';

const DAY_MS = 24 * 60 * 60_000;
const DEFAULT_DAYS = 30;

/** How far before the chart a scan may lie that still says what was open at its beginning. */
const LOOK_BACK_DAYS = 30;

/** Reports that are read at a time. */
const BATCH = 200;

/** Values of one answer, before it is thinned. */
const MAX_VALUES = 200_000;

/** The limits that the gates of a service set for one type of evidence. */
export type ThresholdsOf = (
  serviceId: string,
  type: EvidenceType,
) => Promise<TrendThreshold[]>;

/** Reads how the numbers of reports went, as far as the caller may see them. */
export class TrendReader {
  readonly #knex: Knex;
  readonly #thresholdsOf: ThresholdsOf;

  constructor(options: { knex: Knex; thresholdsOf: ThresholdsOf }) {
    this.#knex = options.knex;
    this.#thresholdsOf = options.thresholdsOf;
  }

  /**
   * Reports of pull requests are left out.
   *
   * @param service - with the names of those of its environments that the caller may see
   */
  async get(
    service: { id: string; environments: readonly string[] },
    filter: TrendFilter,
    visibility: Visibility,
    now: Date,
  ): Promise<Trends> {
    const { type } = filter;
    const { from, to } = period(filter, now);
    const lookBack = type === 'security' ? LOOK_BACK_DAYS * DAY_MS : 0;
    const { reports, since } = await this.#load(
      service.id,
      filter,
      visibility,
      {
        from: new Date(Date.parse(from) - lookBack).toISOString(),
        to,
      },
    );
    // Not all may have been read; the chart says from when on it is whole.
    const start = since > from ? since : from;
    return {
      type,
      from: start,
      to,
      series: seriesOf(type, reports, start),
      thresholds: await this.#thresholds(service, filter),
    };
  }

  /** First measured first. `since`: whatever was measured from then on is among them. */
  async #load(
    serviceId: string,
    filter: TrendFilter,
    visibility: Visibility,
    { from, to }: { from: string; to: string },
  ): Promise<{ reports: Evidence[]; since: string }> {
    const reports: Evidence[] = [];
    let last: Evidence | undefined;
    let values = 0;
    while (values < MAX_VALUES) {
      const query = visibleEvidence(this.#knex, visibility)
        .where('evidence.service_id', serviceId)
        .where('evidence.type', filter.type)
        .whereNull('evidence.pull_request')
        .where('evidence.measured_at', '>=', from)
        .orderBy([
          { column: 'evidence.measured_at', order: 'desc' },
          { column: 'evidence.id', order: 'desc' },
        ])
        .limit(BATCH);
      for (const column of ['environment', 'suite'] as const) {
        if (filter[column]) {
          query.where(`evidence.${column}`, filter[column]);
        }
      }
      if (filter.to) {
        query.where('evidence.measured_at', '<', to);
      }
      if (last) {
        query.whereRaw('(evidence.measured_at, evidence.id) < (?, ?)', [
          last.measuredAt,
          last.id,
        ]);
      }
      const rows = await query;
      for (const row of rows) {
        const evidence = toEvidence(row);
        reports.push(evidence);
        values += sizeOf(evidence);
      }
      last = reports.at(-1);
      if (rows.length < BATCH) {
        return { reports: reports.reverse(), since: from };
      }
    }
    return { reports: reports.reverse(), since: last?.measuredAt ?? from };
  }

  async #thresholds(
    service: { id: string; environments: readonly string[] },
    filter: TrendFilter,
  ): Promise<TrendThreshold[]> {
    const thresholds = await this.#thresholdsOf(service.id, filter.type);
    return thresholds.filter(
      ({ environment, suite }) =>
        service.environments.includes(environment) &&
        (!filter.environment || filter.environment === environment) &&
        (!filter.suite || !suite || filter.suite === suite),
    );
  }
}

function sizeOf({ summary }: Evidence): number {
  return summary.type === 'performance' ? summary.measurements.length : 5;
}

function period(filter: TrendFilter, now: Date): { from: string; to: string } {
  const to = filter.to ? isoTime('to', filter.to) : now.toISOString();
  const from = filter.from
    ? isoTime('from', filter.from)
    : new Date(Date.parse(to) - DEFAULT_DAYS * DAY_MS).toISOString();
  if (from >= to) {
    throw new InputError(
      `from: ${from} is not before to: ${to}; leave one out, or swap them`,
    );
  }
  return { from, to };
}
