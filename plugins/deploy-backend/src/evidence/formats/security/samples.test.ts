import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Finding } from '@vvp/backstage-plugin-deploy-common';
import { SecurityReport } from '../types';
import { securityFormats } from '.';

const folder = join(
  __dirname,
  '../../../../../../test/fixtures/reports/security/samples',
);

function read(name: string): SecurityReport {
  const content = readFileSync(join(folder, name), 'utf8');
  const [format, ...others] = securityFormats.filter(one =>
    one.detect(content),
  );
  expect(others).toEqual([]);
  const parser = format.createParser();
  parser.write(content);
  return parser.end() as SecurityReport;
}

type Expected = Partial<Finding>[];

/** Written by hand after the documentation of tools of which there is no report: see README.md beside them. */
describe('reports of scanners written by hand', () => {
  it.each<[string, string, string | undefined]>([
    ['trivy-image.json', 'Trivy 0.69.0', '2026-11-20T08:30:00.500Z'],
    ['trivy-filesystem.json', 'Trivy', '2026-11-20T08:00:00.000Z'],
    ['trivy-config.json', 'Trivy 0.69.0', undefined],
    ['osv-scanner-groups.json', 'OSV-Scanner', undefined],
    ['pip-audit-object.json', 'pip-audit', undefined],
    ['codeql.sarif', 'CodeQL 2.5.9', undefined],
    ['codeql-extensions.sarif', 'CodeQL 2.20.0', undefined],
    ['semgrep.sarif', 'Semgrep OSS 1.100.0', undefined],
    ['gitleaks.sarif', 'gitleaks v8.0.0', undefined],
    ['trivy-image.sarif', 'Trivy 0.69.0', undefined],
  ])('%s is a whole report by %s', (name, tool, measuredAt) => {
    const report = read(name);

    expect(report).toMatchObject({ type: 'security', tool, completed: true });
    expect(report.measuredAt).toBe(measuredAt);
  });

  it.each<[string, Expected]>([
    [
      'trivy-image.json',
      [
        {
          ruleId: 'CVE-2026-10001',
          title: 'libparcel: overflow when a label is long',
          severity: 'critical',
          category: 'image',
          package: 'libparcel',
          version: '1.2.0-r0',
          fixedVersion: '1.2.1-r0',
          path: 'registry.example.test/orders:4.2.0 (alpine 3.20.1)',
          url: 'https://advisories.example.test/CVE-2026-10001',
        },
        {
          ruleId: 'CVE-2026-10002',
          title: 'CVE-2026-10002 in libstock',
          severity: 'high',
          category: 'image',
        },
        {
          ruleId: 'CVE-2026-10003',
          severity: 'medium',
          category: 'image',
          fixedVersion: '2.0.3, 3.1.0',
          path: 'app/node_modules/basket-merge/package.json',
        },
      ],
    ],
    [
      'trivy-filesystem.json',
      [
        {
          ruleId: 'CVE-2026-10003',
          severity: 'high',
          category: 'dependency',
          path: 'package-lock.json',
          suppressed: false,
        },
        {
          ruleId: 'CVE-2026-10004',
          severity: 'critical',
          category: 'dependency',
          suppressed: true,
        },
        {
          ruleId: 'example-access-key',
          title: 'Access key of the example cloud',
          severity: 'critical',
          category: 'secret',
          path: 'deploy/settings.env',
          line: 3,
        },
      ],
    ],
    [
      'trivy-config.json',
      [
        {
          ruleId: 'EXA-0001',
          title: 'Queues should be encrypted',
          severity: 'high',
          category: 'configuration',
          path: 'queue.tf',
          line: 1,
          url: 'https://checks.example.test/exa-0001',
        },
        // Of another resource, which begins in the same line.
        { ruleId: 'EXA-0001', line: 1 },
      ],
    ],
    [
      'osv-scanner-groups.json',
      [
        {
          ruleId: 'GHSA-2222-3333-4444',
          title: 'Parcels are unpacked outside of their folder',
          severity: 'high',
          category: 'dependency',
          package: 'example.test/parcel',
          version: '1.4.0',
          fixedVersion: '1.5.2',
          path: '/src/services/orders/go.mod',
        },
        { ruleId: 'GO-2026-0002', severity: 'high' },
        { ruleId: 'MAL-2026-0001', severity: 'critical', package: 'baskett' },
      ],
    ],
    [
      'osv-scanner-uncalled.json',
      [
        { ruleId: 'GO-2026-0010', severity: 'critical', suppressed: true },
        { ruleId: 'GO-2026-0011', severity: 'medium', suppressed: false },
      ],
    ],
    [
      'pip-audit-object.json',
      [
        {
          ruleId: 'PYSEC-2026-1',
          severity: 'high',
          category: 'dependency',
          package: 'parcels',
          version: '1.0.2',
          fixedVersion: '1.0.5, 1.1.0',
        },
        { ruleId: 'GHSA-5555-6666-7777', severity: 'high' },
        {
          ruleId: 'not-audited',
          severity: 'info',
          package: 'shop-internal',
        },
      ],
    ],
    [
      'pip-audit-list.json',
      [{ ruleId: 'PYSEC-2026-1', severity: 'high', package: 'parcels' }],
    ],
    [
      'codeql.sarif',
      [
        {
          ruleId: 'js/example-injection',
          title: 'Orders from user input',
          severity: 'high',
          category: 'code',
          path: 'src/orders/find all.js',
          line: 12,
        },
        { ruleId: 'js/example-style', severity: 'low', line: 4 },
      ],
    ],
    [
      'codeql-extensions.sarif',
      [
        {
          ruleId: 'py/example-deserialization',
          title: 'Orders are unpickled',
          severity: 'critical',
          path: 'orders/load.py',
          suppressed: false,
        },
        {
          ruleId: 'py/example-weak-hash',
          severity: 'low',
          suppressed: true,
        },
      ],
    ],
    [
      'semgrep.sarif',
      [
        {
          ruleId: 'example.python.security.shell-order',
          title: 'An order is run by a shell.',
          severity: 'medium',
          category: 'code',
          path: 'orders/run.py',
          line: 9,
          suppressed: false,
        },
        {
          ruleId: 'example.secrets.security.cloud-token',
          severity: 'critical',
          category: 'secret',
        },
        {
          ruleId: 'example.python.security.shell-order',
          line: 21,
          suppressed: true,
        },
      ],
    ],
    [
      'gitleaks.sarif',
      [
        {
          ruleId: 'example-cloud-key',
          title: 'Key of the example cloud',
          severity: 'high',
          category: 'secret',
          path: 'deploy/settings.env',
          line: 3,
        },
      ],
    ],
    [
      'trivy-image.sarif',
      [
        {
          ruleId: 'CVE-2026-10001',
          severity: 'critical',
          category: 'image',
          package: 'libparcel',
          version: '1.2.0-r0',
          fixedVersion: '1.2.1-r0',
        },
        {
          ruleId: 'CVE-2026-10003',
          severity: 'medium',
          category: 'image',
          package: 'basket-merge',
        },
      ],
    ],
  ])('finds in %s what is there, and nothing else', (name, expected) => {
    const { findings } = read(name);

    expect(findings).toEqual(
      expected.map(finding => expect.objectContaining(finding)),
    );
  });
});
