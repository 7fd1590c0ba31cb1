import { InputError } from '@backstage/errors';
import { Measurement } from '@vvp/backstage-plugin-deploy-common';
import { finite } from '../numbers';
import { ownText } from '../ownText';
import { normalised } from './units';

/** Most measurements of one report; more are refused. */
const maxMeasurements = 1_000;
const maxName = 200;

/** Measurements of a report, each once, in the units that are kept. */
export class MeasurementList {
  readonly #measurements = new Map<string, Measurement>();

  /**
   * @param measured - as the report tells it
   * @param where - its place, such as `metrics.vus_max.max`
   * @throws InputError if a value is negative, a rate is above 1, or the same was measured twice
   */
  add(
    measured: Omit<Measurement, 'value'> & { value: unknown },
    where: string,
  ): void {
    const metric = name(measured.metric, `${where}: metric`);
    const scenario = name(measured.scenario, `${where}: scenario`);
    const told = finite(measured.value, where);
    if (told < 0) {
      throw new InputError(`${where}: ${told} is negative`);
    }
    const { value, unit } = inUnitOf(
      metric,
      normalised(told, name(measured.unit, `${where}: unit`)),
    );
    if (metric === 'error.rate' && value > 1) {
      throw new InputError(`${where}: ${told} is not a rate from 0 to 1`);
    }
    const key = JSON.stringify([scenario, metric]);
    if (this.#measurements.has(key)) {
      throw new InputError(
        `${where}: ${metric} of ${scenario} is measured twice; give each its scenario`,
      );
    }
    this.#measurements.set(key, { scenario, metric, value, unit });
    if (this.#measurements.size > maxMeasurements) {
      throw new InputError(
        `${where}: there are more than ${maxMeasurements} measurements; gather requests under fewer names`,
      );
    }
  }

  /** @throws InputError if nothing was measured */
  list(): Measurement[] {
    if (this.#measurements.size === 0) {
      throw new InputError('The report has no measurements');
    }
    return [...this.#measurements.values()];
  }
}

/** Latencies are kept in `ms` and a duration in `s`, whichever of the two the report has. */
function inUnitOf(
  metric: string,
  { value, unit }: { value: number; unit: string },
): { value: number; unit: string } {
  if (metric.startsWith('latency.') && unit === 's') {
    return { value: value * 1_000, unit: 'ms' };
  }
  if (metric === 'duration' && unit === 'ms') {
    return { value: value / 1_000, unit: 's' };
  }
  return { value, unit };
}

function name(value: string, where: string): string {
  const trimmed = value.trim();
  if (trimmed === '' || trimmed.length > maxName) {
    throw new InputError(`${where}: not a text of 1 to ${maxName} characters`);
  }
  return ownText(trimmed);
}
