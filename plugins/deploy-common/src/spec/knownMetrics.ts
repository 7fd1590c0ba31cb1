import { GateRule } from '../gates/types';
import { EvidenceType } from '../model';

/** What is known of a number that a rule compares. */
export interface KnownMetric {
  unit: string;
  worse: 'higher' | 'lower';
}

const coverage: KnownMetric = { unit: 'percent', worse: 'lower' };

const byType: Record<EvidenceType, Record<string, KnownMetric>> = {
  coverage: {
    lines: coverage,
    branches: coverage,
    functions: coverage,
    'changed-lines': coverage,
  },
  test: {
    total: { unit: 'count', worse: 'lower' },
    passed: { unit: 'count', worse: 'lower' },
    failed: { unit: 'count', worse: 'higher' },
    skipped: { unit: 'count', worse: 'higher' },
    flaky: { unit: 'count', worse: 'higher' },
    'pass-rate': { unit: 'percent', worse: 'lower' },
    duration: { unit: 's', worse: 'higher' },
  },
  security: { findings: { unit: 'count', worse: 'higher' } },
  performance: {
    'error.rate': { unit: 'ratio', worse: 'higher' },
    throughput: { unit: '1/s', worse: 'lower' },
    requests: { unit: 'count', worse: 'lower' },
    failures: { unit: 'count', worse: 'higher' },
  },
};

/** Measurements of which only the unit is known: more users are neither better nor worse. */
const unitsOnly: Record<string, string> = { users: 'count', duration: 's' };

/** What is known of a metric by its name. */
export function knownMetric(
  type: EvidenceType,
  name: string,
): KnownMetric | undefined {
  if (type === 'performance' && name.startsWith('latency.')) {
    return { unit: 'ms', worse: 'higher' };
  }
  return Object.hasOwn(byType[type], name) ? byType[type][name] : undefined;
}

/** The unit that thresholds are in where a rule gives none. */
export function knownUnit(
  type: EvidenceType,
  name: string,
): string | undefined {
  const known = knownMetric(type, name)?.unit;
  return (
    known ??
    (type === 'performance' && Object.hasOwn(unitsOnly, name)
      ? unitsOnly[name]
      : undefined)
  );
}

/** Every threshold of a rule. */
export const thresholdKeys = [
  'minimum',
  'maximum',
  'moreThan',
  'lessThan',
] as const satisfies readonly (keyof GateRule)[];
