import { formatDuration, formatTime, parseDuration } from './duration';
import { formatValue } from './formatValue';
import { median } from './median';
import { metricValue } from './metricValue';
import { selects } from './selects';
import { ReportDocument, reportOf } from './testing';
import { EvidenceSelector, GateMetric } from './types';
import { convertUnit } from './units';

describe('a duration', () => {
  it.each([
    ['1 second', 1],
    ['30 minutes', 1800],
    ['1 hour', 3600],
    ['1 day', 86_400],
    ['2 weeks', 1_209_600],
    ['PT30M', 1800],
    ['P1D', 86_400],
    ['P1W2DT3H4M5S', 788_645],
    ['PT0S', 0],
  ])('%p has %p seconds', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each([
    '',
    'P',
    'PT',
    '1',
    '1 month',
    '1.5 hours',
    '-1 day',
    'P1M',
    '1h',
    '1  day',
    'PT1D',
    'P1Y',
  ])('%p is none', text => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it.each([
    [0, '0 seconds'],
    [1, '1 second'],
    [3600, '1 hour'],
    [86_399, '23 hours 59 minutes'],
    [90_061, '1 day 1 hour'],
    [86_460, '1 day'],
    [-5, '0 seconds'],
  ])('%p seconds are shown as %p', (duration, expected) => {
    expect(formatDuration(duration)).toBe(expected);
  });

  it('begins at a time that is shown in full, if it is one', () => {
    expect(formatTime(Date.parse('2026-11-21T07:30:59Z'))).toBe(
      '2026-11-21 07:30 UTC',
    );
    expect(formatTime(NaN)).toBe('an unknown time');
    expect(formatTime(8.64e15 + 1)).toBe('an unknown time');
  });
});

describe('a value for a sentence', () => {
  it.each([
    [78.996, 'percent', [79], '78.996 %'],
    [79, 'percent', [79], '79 %'],
    [78.5, 'percent', [79], '78.5 %'],
    [79.004, 'percent', [79], '79.004 %'],
    [78.999_999_999, 'percent', [79], '78.999999999 %'],
    [79 - 1.5e-14, 'percent', [79], '78.99999999999999 %'],
    [33.333_333, 'percent', [], '33.33 %'],
    [0.0004, 'ratio', [], '0.0004'],
    [3, 'count', [0], '3'],
    [1234.567, 'ms', [], '1234.57 ms'],
    [7, undefined, [], '7'],
  ])('%p in %p beside %p is %p', (value, unit, limits, expected) => {
    expect(formatValue(value, unit, limits)).toBe(expected);
  });
});

describe('a unit', () => {
  it.each([
    [2000, 'ms', 's', 2],
    [300, 's', 'min', 5],
    [0.07, 'ratio', 'percent', 7],
    [0.3, 's', 'ms', 300],
    [499_999_999, 'bytes', 'MB', 499.999999],
    [1, 'MiB', 'bytes', 1_048_576],
    [60, '1/min', '1/s', 1],
    [5, 'apples', 'apples', 5],
  ])('%p %s in %s is %p', (value, from, to, expected) => {
    expect(convertUnit(value, from, to)).toBe(expected);
  });

  it.each([
    ['ms', 'MB'],
    ['count', 's'],
    ['apples', 'pears'],
    ['constructor', 'toString'],
  ])('%s cannot be told in %s', (from, to) => {
    expect(convertUnit(1, from, to)).toBeUndefined();
  });
});

describe('the median', () => {
  it.each([
    [[], undefined],
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
  ])('of %p is %p', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

describe('the number of a report', () => {
  const coverage: ReportDocument = {
    coverage: { lines: [3, 4], branches: [1, 2] },
  };
  const test: ReportDocument = {
    test: { passed: 6, failed: 2, skipped: 2, flaky: 1 },
  };
  const security: ReportDocument = {
    security: {
      dependency: { critical: 1, medium: 2 },
      image: { high: 4, info: 8 },
    },
  };
  const performance: ReportDocument = {
    performance: [
      { metric: 'latency.avg', value: 1500, unit: 'ms' },
      { scenario: 'stress', metric: 'latency.avg', value: 9, unit: 's' },
    ],
  };

  it.each<[ReportDocument, GateMetric, number, string]>([
    [coverage, { name: 'lines' }, 75, 'percent'],
    [coverage, { name: 'branches' }, 50, 'percent'],
    [test, { name: 'total' }, 10, 'count'],
    [test, { name: 'passed' }, 6, 'count'],
    [test, { name: 'failed' }, 2, 'count'],
    [test, { name: 'skipped' }, 2, 'count'],
    [test, { name: 'flaky' }, 1, 'count'],
    [test, { name: 'pass-rate' }, 75, 'percent'],
    [security, { name: 'findings' }, 15, 'count'],
    [security, { name: 'findings', severity: 'medium' }, 7, 'count'],
    [
      security,
      { name: 'findings', severity: 'high', categories: ['image', 'code'] },
      4,
      'count',
    ],
    [performance, { name: 'latency.avg' }, 1500, 'ms'],
    [performance, { name: 'latency.avg', unit: 's' }, 1.5, 's'],
    [
      performance,
      { name: 'latency.avg', scenario: 'stress', unit: 'ms' },
      9000,
      'ms',
    ],
  ])('%j: %j is %p %s', (report, metric, value, unit) => {
    const { evidence } = reportOf(report);

    expect(metricValue(evidence, metric)).toEqual({ value, unit });
  });

  it.each<[ReportDocument, GateMetric]>([
    [coverage, { name: 'functions' }],
    [coverage, { name: 'changed-lines' }],
    [{ coverage: { lines: [0, 0] } }, { name: 'lines' }],
    [test, { name: 'duration' }],
    [test, { name: 'lines' }],
    [{ test: { skipped: 5 } }, { name: 'pass-rate' }],
    [security, { name: 'critical' }],
    [performance, { name: 'latency.avg', scenario: 'baseline' }],
    [performance, { name: 'latency.avg', unit: 'MB' }],
    [performance, { name: 'latency.p95' }],
  ])('%j: %j is not told', (report, metric) => {
    const { evidence } = reportOf(report);

    expect(metricValue(evidence, metric)).toBeUndefined();
  });
});

describe('a selector', () => {
  const { evidence } = reportOf({
    suite: 'unit',
    mode: 'azure',
    tool: 'Trivy 0.53.0',
    environment: 'staging',
    security: {},
  });

  it.each<[Partial<EvidenceSelector>, boolean]>([
    [{}, true],
    [{ type: 'test' }, false],
    [{ suite: 'unit' }, true],
    [{ suite: 'Unit' }, false],
    [{ mode: 'azure' }, true],
    [{ mode: 'local' }, false],
    [{ tool: 'trivy' }, true],
    [{ tool: '0.53.0' }, false],
    [{ environment: 'staging' }, true],
    [{ environment: 'here' }, true],
    [{ environment: 'production' }, false],
    [{ suite: 'unit', mode: 'local' }, false],
  ])('%j: %p', (selector, expected) => {
    const asked: EvidenceSelector = { type: 'security', ...selector };

    expect(selects(asked, evidence, 'staging')).toBe(expected);
  });

  it('asks for what a report does not have', () => {
    const plain = reportOf({ security: {} }).evidence;
    const asked = { suite: 'unit' } as const;

    expect(selects({ type: 'security' }, plain, 'staging')).toBe(true);
    expect(selects({ type: 'security', ...asked }, plain, 'x')).toBe(false);
    expect(selects({ type: 'security', tool: 'T' }, plain, 'x')).toBe(false);
  });
});
