import { InputError } from '@backstage/errors';
import { JsonReader } from '../JsonReader';
import { dig, text } from '../json';
import { oneLine } from '../plainText';
import { PerformanceReport, ReportFormat, ReportParser } from '../types';
import { utcTime } from '../utcTime';
import { MeasurementList } from './MeasurementList';

/**
 * Reads what a script can write without a tool: `{metric, value, unit, scenario?}`, a list of them, or
 * `{measurements: [...], measuredAt?, tool?}`. A `scenario` is `default` if absent; `measuredAt` may also stand at
 * each measurement, the last one counts.
 */
class MeasurementsParser implements ReportParser {
  readonly #measurements = new MeasurementList();
  readonly #single = new Map<string, unknown>();
  #reader?: JsonReader;
  #measuredAt?: string;

  write(piece: string): void {
    if (!this.#reader && piece.trim() === '') {
      return;
    }
    this.#reader ??= this.#createReader(piece.trimStart().startsWith('['));
    this.#reader.write(piece);
  }

  end(): PerformanceReport {
    (this.#reader ?? this.#createReader(false)).end();
    const single = Object.fromEntries(this.#single);
    if (this.#single.has('metric')) {
      this.#take(single, '');
    } else {
      this.#takeTime(single.measuredAt, 'measuredAt');
    }
    const tool = text(single.tool);
    return {
      type: 'performance',
      format: 'measurements',
      tool: tool && oneLine(tool),
      measuredAt: this.#measuredAt,
      measurements: this.#measurements.list(),
    };
  }

  #createReader(bare: boolean): JsonReader {
    const keys = ['metric', 'value', 'unit', 'scenario', 'measuredAt', 'tool'];
    return new JsonReader({
      paths: bare
        ? ['$.*']
        : ['$.measurements.*', ...keys.map(key => `$.${key}`)],
      onValue: (value, path) => {
        if (bare || path.length === 2) {
          const where = `${bare ? '' : 'measurements'}[${path.at(-1)}].`;
          this.#take(value, where);
        } else {
          this.#single.set(path[0] as string, value);
        }
      },
    });
  }

  #take(raw: unknown, where: string): void {
    const metric = dig(raw, 'metric');
    const unit = dig(raw, 'unit');
    const scenario = dig(raw, 'scenario') ?? 'default';
    if (typeof metric !== 'string') {
      throw new InputError(`${where}metric: missing, or not a text`);
    }
    if (typeof unit !== 'string') {
      throw new InputError(
        `${where}unit: missing, or not a text; give one such as ms, s, bytes, ratio, 1/s or count`,
      );
    }
    if (typeof scenario !== 'string') {
      throw new InputError(`${where}scenario: not a text`);
    }
    this.#measurements.add(
      { metric, unit, scenario, value: dig(raw, 'value') },
      `${where}value`,
    );
    this.#takeTime(dig(raw, 'measuredAt'), `${where}measuredAt`);
  }

  #takeTime(value: unknown, where: string): void {
    if (value === undefined) {
      return;
    }
    const time = utcTime(value, where);
    if (!this.#measuredAt || time > this.#measuredAt) {
      this.#measuredAt = time;
    }
  }
}

export const measurements: ReportFormat = {
  format: 'measurements',
  detect: head =>
    /^\s*[[{]/.test(head) &&
    /"metric"\s*:\s*"/.test(head) &&
    /"value"\s*:/.test(head) &&
    /"unit"\s*:\s*"/.test(head),
  createParser: () => new MeasurementsParser(),
};
