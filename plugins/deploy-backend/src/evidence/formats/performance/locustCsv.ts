import { InputError } from '@backstage/errors';
import { CsvError, parse } from 'csv-parse/sync';
import { count } from '../numbers';
import { PerformanceReport, ReportFormat, ReportParser } from '../types';
import { MeasurementList } from './MeasurementList';

/** Longer than any file with an acceptable number of measurements. */
const maxLength = 4 * 1024 * 1024;

/** Columns of Locust's `_stats.csv`, in lower case: of 1.0 and later, and of 0.14 and before. */
const columns: { names: string[]; metric: string; unit: string }[] = [
  { names: ['request count', '# requests'], metric: 'requests', unit: 'count' },
  { names: ['failure count', '# failures'], metric: 'failures', unit: 'count' },
  { names: ['average response time'], metric: 'latency.avg', unit: 'ms' },
  { names: ['min response time'], metric: 'latency.min', unit: 'ms' },
  { names: ['median response time'], metric: 'latency.median', unit: 'ms' },
  { names: ['90%'], metric: 'latency.p90', unit: 'ms' },
  { names: ['95%'], metric: 'latency.p95', unit: 'ms' },
  { names: ['99%'], metric: 'latency.p99', unit: 'ms' },
  { names: ['max response time'], metric: 'latency.max', unit: 'ms' },
  { names: ['requests/s'], metric: 'throughput', unit: '1/s' },
];

/**
 * Reads the `_stats.csv` that Locust writes with `--csv`. The row `Aggregated` is the scenario `default`, each other
 * row the scenario `<Type> <Name>`. Which percentiles there are differs by version and by configuration.
 */
class LocustCsvParser implements ReportParser {
  #content = '';

  write(piece: string): void {
    this.#content += piece;
    if (this.#content.length > maxLength) {
      throw new InputError(
        `Locust’s statistics are longer than ${maxLength} characters; send the file that ends in _stats.csv`,
      );
    }
  }

  end(): PerformanceReport {
    const rows = readRows(this.#content);
    const header = (rows.shift() ?? []).map(name => name.trim().toLowerCase());
    const measurements = new MeasurementList();
    if (!header.includes('name') || !indexOf(header, columns[0].names)) {
      throw new InputError(
        'Line 1: the columns Name and Request Count are missing; send the file that ends in _stats.csv',
      );
    }
    rows.forEach((row, at) => addRow(header, row, at + 2, measurements));
    const list = measurements.list();
    if (!list.some(({ scenario }) => scenario === 'default')) {
      throw new InputError(
        'The row Aggregated is missing: Locust did not end as it should',
      );
    }
    return {
      type: 'performance',
      format: 'locust-csv',
      tool: 'Locust',
      measurements: list,
    };
  }
}

function readRows(content: string): string[][] {
  try {
    return parse(content, {
      skip_empty_lines: true,
      relax_column_count: false,
      max_record_size: 64 * 1024,
    });
  } catch (error) {
    if (error instanceof CsvError) {
      throw new InputError(`Line ${error.lines ?? '?'} of the CSV: malformed`);
    }
    throw error;
  }
}

function addRow(
  header: readonly string[],
  row: readonly string[],
  line: number,
  measurements: MeasurementList,
): void {
  const name = row[header.indexOf('name')].trim();
  const type = (row[header.indexOf('type')] ?? '').trim();
  const isSum = isNone(type) && (name === 'Aggregated' || name === 'Total');
  const scenario = isSum
    ? 'default'
    : [isNone(type) ? '' : type, name].join(' ').trim();
  const [requests, failures] = [columns[0], columns[1]].map(({ names }) =>
    Number(row[indexOf(header, names) ?? -1]),
  );
  for (const { names, metric, unit } of columns) {
    const at = indexOf(header, names);
    if (at !== undefined && row[at] !== 'N/A') {
      const where = `Line ${line}, column ${header[at]}`;
      const value = unit === 'count' ? count(row[at], where) : row[at];
      measurements.add({ scenario, metric, unit, value }, where);
    }
  }
  if (requests > 0) {
    const where = `Line ${line}, failures among the requests`;
    const value = failures / requests;
    measurements.add(
      { scenario, metric: 'error.rate', unit: 'ratio', value },
      where,
    );
  }
}

function indexOf(
  header: readonly string[],
  names: readonly string[],
): number | undefined {
  const at = header.findIndex(column => names.includes(column));
  return at < 0 ? undefined : at;
}

/** Old versions write Python's word for nothing. */
function isNone(type: string): boolean {
  return type === '' || type === 'None' || type === 'Aggregated';
}

export const locustCsv: ReportFormat = {
  format: 'locust-csv',
  detect: head =>
    /^\s*"?(type|method)"?,"?name"?,"?(request count|# requests)"?,/i.test(
      head,
    ),
  createParser: () => new LocustCsvParser(),
};
