import { InputError } from '@backstage/errors';
import { Finding } from '@vvp/backstage-plugin-deploy-common';
import { ReportFormat, SecurityReport } from '../types';
import { osvScanner } from './osvScanner';
import { pipAudit } from './pipAudit';
import { trivy } from './trivy';

function read(format: ReportFormat, report: unknown): SecurityReport {
  const parser = format.createParser();
  parser.write(typeof report === 'string' ? report : JSON.stringify(report));
  return parser.end() as SecurityReport;
}

const vulnerability = {
  VulnerabilityID: 'CVE-2026-1',
  PkgName: 'openssl',
  InstalledVersion: '3.0.0',
  Severity: 'HIGH',
};

function trivyReport(result: object, more: object = {}) {
  return {
    SchemaVersion: 2,
    ArtifactName: 'app',
    ArtifactType: 'filesystem',
    Results: [{ Target: 'package-lock.json', Class: 'lang-pkgs', ...result }],
    ...more,
  };
}

function osvReport(entry: object, more: object = {}) {
  return {
    results: [
      {
        source: { path: 'go.mod', type: 'lockfile' },
        packages: [{ package: { name: 'a', version: '1' }, ...entry }],
      },
    ],
    ...more,
  };
}

describe('Trivy', () => {
  it.each<[string, string, string, string]>([
    ['image', 'container_image', 'os-pkgs', 'alpine'],
    ['image', 'container_image', 'lang-pkgs', 'app/package-lock.json'],
    ['image', 'vm', 'lang-pkgs', 'package-lock.json'],
    ['image', 'filesystem', 'os-pkgs', 'debian'],
    ['dependency', 'filesystem', 'lang-pkgs', 'package-lock.json'],
    ['dependency', 'repository', 'lang-pkgs', 'go.mod'],
    ['dependency', 'cyclonedx', 'lang-pkgs', 'Java'],
  ])('%s: %s, %s of %s', (category, artifact, className, target) => {
    const report = read(trivy, {
      Results: [
        { Vulnerabilities: [vulnerability], Target: target, Class: className },
      ],
      ArtifactType: artifact,
      SchemaVersion: 2,
    });

    expect(report.findings).toEqual([
      {
        ruleId: 'CVE-2026-1',
        title: 'CVE-2026-1 in openssl',
        severity: 'high',
        category,
        package: 'openssl',
        version: '3.0.0',
        path: target,
        suppressed: false,
      },
    ]);
  });

  it('counts what nobody rated as high', () => {
    const unknown = { ...vulnerability, Severity: 'UNKNOWN' };

    const report = read(trivy, trivyReport({ Vulnerabilities: [unknown] }));

    expect(report.findings[0].severity).toBe('high');
  });

  it('tells checks that passed from those that failed or are excepted', () => {
    const check = (ID: string, Status: string) => ({
      ID,
      Status,
      Severity: 'LOW',
      Title: ID,
      CauseMetadata: { StartLine: 4, Resource: 'aws_s3_bucket.a' },
    });
    const Misconfigurations = [
      check('passed', 'PASS'),
      check('failed', 'FAIL'),
      check('excepted', 'EXCEPTION'),
    ];

    const report = read(trivy, trivyReport({ Misconfigurations }));

    expect(report.findings).toMatchObject([
      { ruleId: 'failed', line: 4, suppressed: false },
      { ruleId: 'excepted', suppressed: true },
    ]);
  });

  it('counts a package that several versions of are in as often', () => {
    const Vulnerabilities = [
      vulnerability,
      vulnerability,
      { ...vulnerability, InstalledVersion: '3.0.1' },
    ];

    const report = read(trivy, trivyReport({ Vulnerabilities }));

    expect(report.findings.map(finding => finding.version)).toEqual([
      '3.0.0',
      '3.0.1',
    ]);
  });

  it('is complete without any result, and tells version and time', () => {
    const report = read(trivy, {
      SchemaVersion: 2,
      Trivy: { Version: '0.72.0' },
      CreatedAt: '2026-02-01T10:00:00.123456789+02:00',
      ArtifactName: 'scratch',
      ArtifactType: 'container_image',
    });

    expect(report).toEqual({
      type: 'security',
      format: 'trivy',
      tool: 'Trivy 0.72.0',
      measuredAt: '2026-02-01T08:00:00.123Z',
      completed: true,
      findings: [],
    });
  });

  it.each<[string, unknown, RegExp]>([
    [
      'schema version 1',
      trivyReport({}, { SchemaVersion: 1 }),
      /^SchemaVersion/,
    ],
    ['no schema version', { Results: [] }, /^SchemaVersion/],
    ['of a cluster', { ClusterName: 'a', Resources: [] }, /^SchemaVersion/],
    [
      'another severity',
      trivyReport({ Vulnerabilities: [{ ...vulnerability, Severity: 'BAD' }] }),
      /^Results\[0\]\.Vulnerabilities\[0\]\.Severity/,
    ],
    [
      'no severity',
      trivyReport({ Secrets: [{ RuleID: 'a' }] }),
      /^Results\[0\]\.Secrets\[0\]\.Severity: missing/,
    ],
    [
      'no package',
      trivyReport({ Vulnerabilities: [{ VulnerabilityID: 'a' }] }),
      /^Results\[0\]\.Vulnerabilities\[0\]\.PkgName: missing/,
    ],
    [
      'a negative line',
      trivyReport({
        Secrets: [{ RuleID: 'a', Severity: 'LOW', StartLine: -1 }],
      }),
      /^Results\[0\]\.Secrets\[0\]\.StartLine/,
    ],
    [
      'a time that is none',
      trivyReport({}, { CreatedAt: 'now' }),
      /^CreatedAt/,
    ],
    ['truncated', '{"SchemaVersion": 2, "Results": [', /^Line 1/],
    ['10,000 levels deep', `{"a":${'['.repeat(10_000)}`, /nested deeper/],
  ])('refuses a report: %s', (_, report, message) => {
    const reading = () => read(trivy, report);

    expect(reading).toThrow(InputError);
    expect(reading).toThrow(message);
  });
});

describe('OSV-Scanner', () => {
  const advisory = { id: 'GHSA-1', summary: 'Bad' };

  it.each<[string, object]>([
    ['critical', { groups: [{ ids: ['GHSA-1'], max_severity: '9.1' }] }],
    ['high', { groups: [{ ids: ['GHSA-1'], max_severity: '' }] }],
    [
      'medium',
      {
        vulnerabilities: [
          { ...advisory, database_specific: { severity: 'MODERATE' } },
        ],
      },
    ],
    [
      'critical',
      {
        vulnerabilities: [
          {
            ...advisory,
            database_specific: { severity: 'LOW' },
            severity: [
              { score: 'CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N' },
              { score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' },
            ],
          },
        ],
      },
    ],
    ['critical', { vulnerabilities: [{ ...advisory, id: 'MAL-2026-1' }] }],
    ['high', { vulnerabilities: [advisory] }],
  ])('is %s: %j', (severity, entry) => {
    const report = read(osvScanner, osvReport(entry));

    expect(report.findings.map(finding => finding.severity)).toEqual([
      severity,
    ]);
  });

  it.each<[Finding['category'], object, object]>([
    ['dependency', { path: 'go.mod', type: 'lockfile' }, {}],
    ['image', { path: 'lib/apk/db/installed', type: 'os' }, {}],
    ['image', { path: 'app/go.mod', type: 'lockfile' }, { image_metadata: {} }],
  ])('is of an %s: %j', (category, source, more) => {
    const report = read(osvScanner, {
      results: [
        {
          packages: [{ package: { name: 'a' }, vulnerabilities: [advisory] }],
          source,
        },
      ],
      ...more,
    });

    expect(report.findings[0].category).toBe(category);
  });

  it.each<[boolean, object]>([
    [true, { 'GHSA-1': { called: false }, 'GO-1': { called: false } }],
    [true, { 'GHSA-1': { unimportant: true }, 'GO-1': { called: false } }],
    [false, { 'GHSA-1': { called: true }, 'GO-1': { called: false } }],
    [false, { 'GHSA-1': { called: false } }],
  ])('suppressed: %s for the analysis %j', (suppressed, analysis) => {
    const report = read(
      osvScanner,
      osvReport({
        vulnerabilities: [advisory, { id: 'GO-1' }],
        groups: [{ ids: ['GHSA-1', 'GO-1'], experimental_analysis: analysis }],
      }),
    );

    expect(report.findings.map(finding => finding.suppressed)).toEqual([
      suppressed,
    ]);
  });

  it('names the version that fixes this very package, not a commit', () => {
    const affected = (name: string, type: string, fixed: string) => ({
      package: { name },
      ranges: [{ type, events: [{ introduced: '0' }, { fixed }] }],
    });

    const report = read(
      osvScanner,
      osvReport({
        vulnerabilities: [
          {
            ...advisory,
            affected: [
              affected('other', 'SEMVER', '9.9.9'),
              affected('a', 'GIT', '4f5ec1f'),
              affected('a', 'SEMVER', '1.2.3'),
            ],
          },
        ],
      }),
    );

    expect(report.findings[0].fixedVersion).toBe('1.2.3');
  });

  it('is complete without any result', () => {
    const report = read(osvScanner, { results: [] });

    expect(report).toMatchObject({ completed: true, findings: [] });
  });

  it.each<[string, unknown, RegExp]>([
    ['no results', { vulns: [] }, /^results: missing/],
    ['results null', { results: null }, /^results: missing/],
    [
      'a package without a name',
      osvReport({ package: {}, vulnerabilities: [advisory] }),
      /^results\[0\]\.packages\[0\]\.package\.name: missing/,
    ],
    [
      'a group without ids',
      osvReport({ vulnerabilities: [advisory], groups: [{ ids: [] }] }),
      /^results\[0\]\.packages\[0\]\.groups\[0\]\.ids/,
    ],
    ...['NaN', '-1', '12 %', '11'].map(
      score =>
        [
          `a score of ${score}`,
          osvReport({ groups: [{ ids: ['a'], max_severity: score }] }),
          /^results\[0\]\.packages\[0\]\.groups\[0\]\.max_severity/,
        ] as [string, unknown, RegExp],
    ),
    ['empty', '', /^Line 1/],
  ])('refuses a report: %s', (_, report, message) => {
    const reading = () => read(osvScanner, report);

    expect(reading).toThrow(InputError);
    expect(reading).toThrow(message);
  });
});

describe('pip-audit', () => {
  it.each<[string, unknown, RegExp]>([
    ['no dependencies', { fixes: [] }, /^dependencies: missing/],
    ['dependencies null', { dependencies: null }, /^dependencies: missing/],
    ['no name', { dependencies: [{}] }, /^dependencies\[0\]\.name: missing/],
    ['no name in a list', [{}], /^\[0\]\.name: missing/],
    [
      'no vulnerabilities',
      { dependencies: [{ name: 'a', version: '1' }] },
      /^dependencies\[0\]\.vulns: missing/,
    ],
    [
      'no id',
      { dependencies: [{ name: 'a', version: '1', vulns: [{}] }] },
      /^dependencies\[0\]\.vulns\[0\]\.id: missing/,
    ],
    ['empty', '  ', /^Line 1/],
    ['truncated', '{"dependencies": [', /^Line 1/],
  ])('refuses a report: %s', (_, report, message) => {
    const reading = () => read(pipAudit, report);

    expect(reading).toThrow(InputError);
    expect(reading).toThrow(message);
  });

  it.each(['[]', '{"dependencies": []}', '\n {"dependencies": []}'])(
    'is complete without any dependency: %s',
    content => {
      const report = read(pipAudit, content);

      expect(report).toMatchObject({ completed: true, findings: [] });
    },
  );
});

describe('recognising reports of scanners', () => {
  it.each([
    [
      'pip-audit',
      '{"dependencies": [{"name": "a", "version": "1", "vulns": []',
    ],
    ['pip-audit', '[{"name": "a", "version": "1", "vulns": []'],
    ['osv-scanner', '{"results": []}'],
    ['trivy', '{"SchemaVersion": 2, "ArtifactName": "a"'],
    [undefined, '[{"name": "a", "method": "GET", "num_requests": 1'],
    [undefined, '{"results": {"tool": {"name": "jest"}}}'],
    [undefined, '{"dependencies": {"a": "1"}}'],
  ])('%s: %s', (expected, head) => {
    const detected = [trivy, osvScanner, pipAudit].find(format =>
      format.detect(head),
    );

    expect(detected?.format).toBe(expected);
  });
});
