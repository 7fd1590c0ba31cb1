import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Finding,
  FindingCategory,
  Severity,
} from '@vvp/backstage-plugin-deploy-common';
import { SecurityReport } from '../types';
import { securityFormats } from '.';

const folder = join(
  __dirname,
  '../../../../../../test/fixtures/reports/security',
);

interface Expected {
  tool: string;
  completed: boolean;
  bySeverity: Partial<Record<Severity, number>>;
  byCategory: Partial<Record<FindingCategory, number>>;
  suppressed: number;
}

const expected: Record<string, Expected> = JSON.parse(
  readFileSync(join(folder, 'expected.json'), 'utf8'),
);

function read(name: string, pieceLength: number): SecurityReport {
  const content = readFileSync(join(folder, name), 'utf8');
  const found = securityFormats.filter(format =>
    format.detect(content.slice(0, 65_536)),
  );
  expect(found.map(format => format.format)).toEqual([
    name.slice(0, name.indexOf('/')),
  ]);
  const parser = found[0].createParser();
  for (let at = 0; at < content.length; at += pieceLength) {
    parser.write(content.slice(at, at + pieceLength));
  }
  return parser.end() as SecurityReport;
}

function tally<K extends string>(values: K[]): Partial<Record<K, number>> {
  const sums: Partial<Record<K, number>> = {};
  for (const value of values) {
    sums[value] = (sums[value] ?? 0) + 1;
  }
  return sums;
}

describe('reports of real tools', () => {
  it.each(Object.entries(expected))(
    '%s',
    (name, { tool, completed, ...counts }) => {
      const report = read(name, 1_000);

      const open = report.findings.filter(finding => !finding.suppressed);
      expect(report.tool).toBe(tool);
      expect(report.completed).toBe(completed);
      expect({
        bySeverity: tally(open.map(finding => finding.severity)),
        byCategory: tally(open.map(finding => finding.category)),
        suppressed: report.findings.length - open.length,
      }).toEqual(counts);
    },
  );

  it.each(Object.keys(expected))('%s, in one piece and by letter', name => {
    const whole = read(name, Infinity);

    const pieces = read(name, 7);

    expect(pieces).toEqual(whole);
  });

  it.each<[string, Partial<Finding>]>([
    [
      'sarif/bandit-1.9.4.sarif',
      {
        ruleId: 'B602',
        severity: 'high',
        path: 'app/jobs.py',
        line: 12,
        url: 'https://bandit.readthedocs.io/en/1.9.4/plugins/b602_subprocess_popen_with_shell_equals_true.html',
      },
    ],
    [
      'sarif/tfsec-1.0.0.sarif',
      {
        ruleId: 'aws-sqs-enable-queue-encryption',
        severity: 'high',
        category: 'configuration',
        path: 'main.tf',
        line: 18,
      },
    ],
    [
      'sarif/eslint-8.57.1.sarif',
      {
        ruleId: 'no-eval',
        title: 'Disallow the use of `eval()`',
        severity: 'high',
        path: '/home/runner/work/orders/orders/orders.js',
        line: 18,
        url: 'https://eslint.org/docs/latest/rules/no-eval',
        suppressed: false,
      },
    ],
    [
      'sarif/eslint-8.57.1.sarif',
      { ruleId: 'no-eval', line: 23, suppressed: true },
    ],
    [
      'sarif/spectral-6.16.3.sarif',
      {
        ruleId: 'operation-description',
        severity: 'low',
        path: 'openapi.yaml',
        line: 21,
      },
    ],
    [
      'sarif/biome-2.6.8.sarif',
      {
        ruleId: 'lint/security/noGlobalEval',
        title: 'Disallow the use of global `eval()`.',
        severity: 'high',
        line: 6,
      },
    ],
    [
      'sarif/flawfinder-2.0.19.sarif',
      { ruleId: 'FF1016', severity: 'high', path: 'parcel.c', line: 7 },
    ],
    [
      'sarif/clang-14.0.6.sarif',
      {
        ruleId: 'core.DivideZero',
        severity: 'medium',
        path: '/home/runner/work/orders/orders/parcel.c',
        line: 24,
      },
    ],
    [
      'sarif/secretlint-9.3.4.sarif',
      { severity: 'high', path: 'deploy.env', line: 2 },
    ],
  ])('a finding of %s', (name, finding) => {
    const report = read(name, 1_000);

    expect(report.findings).toContainEqual(expect.objectContaining(finding));
  });

  it('tells when the scan ended', () => {
    const report = read('sarif/bandit-1.9.4.sarif', 1_000);

    expect(report.measuredAt).toBe('2026-11-21T06:57:49.000Z');
  });
});
