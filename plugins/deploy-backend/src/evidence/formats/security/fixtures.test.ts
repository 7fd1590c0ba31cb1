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
  it.each(Object.entries(expected))('%s', (name, { tool, ...counts }) => {
    const report = read(name, 1_000);

    const open = report.findings.filter(finding => !finding.suppressed);
    expect(report.tool).toBe(tool);
    expect(report.completed).toBe(true);
    expect({
      bySeverity: tally(open.map(finding => finding.severity)),
      byCategory: tally(open.map(finding => finding.category)),
      suppressed: report.findings.length - open.length,
    }).toEqual(counts);
  });

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
      'sarif/trivy-image-dev.sarif',
      {
        ruleId: 'CVE-2019-1549',
        title: 'openssl: information disclosure in fork()',
        category: 'image',
        package: 'libcrypto1.1',
        version: '1.1.1c-r0',
        fixedVersion: '1.1.1d-r0',
        path: 'testdata/fixtures/images/alpine-310.tar.gz',
        url: 'https://avd.aquasec.com/nvd/cve-2019-1549',
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
      'sarif/gitleaks-8.0.0.sarif',
      {
        ruleId: 'generic-api-key',
        category: 'secret',
        path: 'UnSAFE_Bank/Backend/docker-compose.yml',
        line: 12,
      },
    ],
    [
      'sarif/grype-0.34.7.sarif',
      {
        ruleId: 'CVE-2008-0732-geronimo-j2ee-management_1.1_spec',
        severity: 'low',
        package: 'geronimo-j2ee-management_1.1_spec',
        version: '1.0.1',
      },
    ],
    [
      'trivy/config-terraform-0.72.json',
      {
        ruleId: 'AWS-0086',
        severity: 'high',
        category: 'configuration',
        path: 'main.tf',
      },
    ],
    [
      'trivy/filesystem-secrets.json',
      {
        ruleId: 'mysecret',
        title: 'My Secret',
        severity: 'high',
        path: 'deploy.sh',
        line: 7,
      },
    ],
    [
      'osv-scanner/osv-scanner-1-grouped.json',
      {
        ruleId: 'GHSA-c3h9-896r-86jm',
        title: 'Improper Input Validation in GoGo Protobuf',
        package: 'github.com/gogo/protobuf',
        version: '1.3.1',
        fixedVersion: '1.3.2',
        path: '/path/to/scorecard-check-osv-e2e/go.mod',
        url: 'https://osv.dev/GHSA-c3h9-896r-86jm',
      },
    ],
    [
      'pip-audit/object.json',
      {
        ruleId: 'PYSEC-2021-76',
        package: 'aiohttp',
        version: '3.6.2',
        fixedVersion: '3.7.4',
        severity: 'high',
      },
    ],
    [
      'pip-audit/object-skipped.json',
      { ruleId: 'not-audited', package: 'azure-devops', severity: 'info' },
    ],
  ])('a finding of %s', (name, finding) => {
    const report = read(name, 1_000);

    expect(report.findings).toContainEqual(expect.objectContaining(finding));
  });

  it('tells when the scan ended', () => {
    const report = read('sarif/bandit-1.7.5.sarif', 1_000);

    expect(report.measuredAt).toBe('2023-10-05T13:40:48.000Z');
  });
});
