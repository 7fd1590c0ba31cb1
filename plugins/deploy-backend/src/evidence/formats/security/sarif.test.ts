import { InputError } from '@backstage/errors';
import {
  Finding,
  FindingCategory,
  Severity,
} from '@vvp/backstage-plugin-deploy-common';
import { SecurityReport } from '../types';
import { sarif } from './sarif';

function read(given: unknown): SecurityReport {
  const parser = sarif.createParser();
  parser.write(typeof given === 'string' ? given : JSON.stringify(given));
  return parser.end() as SecurityReport;
}

const result = {
  ruleId: 'rule',
  message: { text: 'Something is wrong' },
  locations: [
    {
      physicalLocation: {
        artifactLocation: { uri: 'src/index.ts' },
        region: { startLine: 3, startColumn: 5 },
      },
    },
  ],
};

function report(parts: {
  tool?: string;
  rule?: object;
  results?: unknown;
  run?: object;
}) {
  return {
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: parts.tool ?? 'CodeQL',
            rules: [{ id: 'rule', ...parts.rule }],
          },
        },
        results: parts.results ?? [result],
        ...parts.run,
      },
    ],
  };
}

function only(parts: Parameters<typeof report>[0]): Finding {
  const { findings } = read(report(parts));
  expect(findings).toHaveLength(1);
  return findings[0];
}

describe('severity of SARIF', () => {
  const scored = (score: unknown) => ({
    properties: { 'security-severity': score },
  });
  const level = (name: string) => ({ defaultConfiguration: { level: name } });

  it.each<[string, Parameters<typeof report>[0], Severity]>([
    ['score of a rule from 9', { rule: scored('9.0') }, 'critical'],
    ['score of a rule below 9', { rule: scored('8.9') }, 'high'],
    ['score of a rule from 7', { rule: scored('7.0') }, 'high'],
    ['score of a rule below 7', { rule: scored('6.9') }, 'medium'],
    ['score of a rule from 4', { rule: scored('4.0') }, 'medium'],
    ['score of a rule below 4', { rule: scored('3.9') }, 'low'],
    ['score of a rule above 0', { rule: scored('0.1') }, 'low'],
    ['score of 0', { rule: scored('0.0') }, 'info'],
    ['score as a number', { rule: scored(7.5) }, 'high'],
    ['score as a word', { rule: scored('CRITICAL') }, 'critical'],
    [
      'score before level',
      { rule: scored('9.8'), results: [{ ...result, level: 'note' }] },
      'critical',
    ],
    [
      'score of the result before that of the rule',
      { rule: scored('9.8'), results: [{ ...result, ...scored('5') }] },
      'medium',
    ],
    ['level of a rule: error', { rule: level('error') }, 'high'],
    ['level of a rule: warning', { rule: level('warning') }, 'medium'],
    ['level of a rule: note', { rule: level('note') }, 'low'],
    ['level of a rule: none', { rule: level('none') }, 'info'],
    [
      'level of the result before that of the rule',
      { rule: level('note'), results: [{ ...result, level: 'error' }] },
      'high',
    ],
    ['no level at all: a warning', {}, 'medium'],
    [
      'informational',
      {
        rule: level('error'),
        results: [{ ...result, kind: 'informational' }],
      },
      'info',
    ],
    [
      "Bandit's own word",
      {
        tool: 'Bandit',
        results: [{ ...result, properties: { issue_severity: 'LOW' } }],
      },
      'low',
    ],
    [
      "Trivy's line in the message, before its score",
      {
        tool: 'Trivy',
        rule: scored('9.8'),
        results: [
          {
            ...result,
            message: {
              text: 'Package: a\nInstalled Version: 1\nSeverity: LOW',
            },
          },
        ],
      },
      'low',
    ],
    [
      "Trivy's tag",
      {
        tool: 'Trivy',
        rule: { properties: { tags: ['misconfiguration', 'CRITICAL'] } },
      },
      'critical',
    ],
    [
      'Trivy does not know',
      {
        tool: 'Trivy',
        rule: {
          properties: { 'security-severity': '0.0', tags: ['UNKNOWN'] },
        },
      },
      'high',
    ],
    ['gitleaks rates nothing', { tool: 'gitleaks' }, 'high'],
    [
      'OSV-Scanner writes warning for everything it has no score of',
      {
        tool: 'osv-scanner',
        results: [{ ...result, level: 'warning' }],
      },
      'high',
    ],
    ['a scanner of dependencies without rating', { tool: 'grype' }, 'high'],
  ])('%s', (_, parts, severity) => {
    const finding = only(parts);

    expect(finding.severity).toBe(severity);
  });
});

describe('category of SARIF', () => {
  it.each<[FindingCategory, string, object, object]>([
    ['code', 'CodeQL', {}, {}],
    ['code', 'Semgrep OSS', {}, {}],
    ['secret', 'gitleaks', {}, {}],
    ['secret', 'Trivy', { name: 'Secret' }, {}],
    ['configuration', 'tfsec', {}, {}],
    ['configuration', 'defsec', {}, {}],
    ['configuration', 'Checkov', {}, {}],
    ['configuration', 'Trivy', { name: 'Misconfiguration' }, {}],
    [
      'dependency',
      'Trivy',
      { name: 'LanguageSpecificPackageVulnerability' },
      {},
    ],
    ['image', 'Trivy', { name: 'OsPackageVulnerability' }, {}],
    [
      'image',
      'Trivy',
      { name: 'LanguageSpecificPackageVulnerability' },
      { properties: { imageName: 'example.test/app:1' } },
    ],
    ['dependency', 'osv-scanner', {}, {}],
    ['dependency', 'Grype', {}, {}],
  ])('%s by %s %j %j', (category, tool, rule, run) => {
    const finding = only({ tool, rule, run });

    expect(finding.category).toBe(category);
  });

  it.each([
    'CKV_SECRET_6',
    'generic.secrets.security.detected-key.detected-key',
  ])('a rule for secrets among others: %s', ruleId => {
    const finding = only({
      tool: 'Semgrep OSS',
      results: [{ ...result, ruleId }],
    });

    expect(finding.category).toBe('secret');
  });
});

describe('which results of SARIF are findings', () => {
  it.each<[string, object]>([
    ['a rule that passed', { kind: 'pass' }],
    ['a rule that does not apply', { kind: 'notApplicable' }],
    ['a finding of an earlier run that is gone', { baselineState: 'absent' }],
  ])('not %s', (_, more) => {
    const { findings } = read(report({ results: [{ ...result, ...more }] }));

    expect(findings).toEqual([]);
  });

  it.each<[boolean, string, object[]]>([
    [true, 'accepted', [{ kind: 'external', status: 'accepted' }]],
    [true, 'in the source', [{ kind: 'inSource' }]],
    [false, 'none', []],
    [false, 'under review', [{ kind: 'external', status: 'underReview' }]],
    [false, 'rejected', [{ kind: 'inSource' }, { status: 'rejected' }]],
  ])('suppressed: %s if %s', (suppressed, _, suppressions) => {
    const finding = only({ results: [{ ...result, suppressions }] });

    expect(finding.suppressed).toBe(suppressed);
  });

  it('counts the same finding once, as bad and as open as it is told', () => {
    const results = [
      { ...result, level: 'note', suppressions: [{ kind: 'inSource' }] },
      { ...result, level: 'error', suppressions: [{ kind: 'inSource' }] },
      { ...result, level: 'note' },
    ];

    const finding = only({ results });

    expect(finding).toMatchObject({ severity: 'high', suppressed: false });
  });

  it('counts a rule for each place and package', () => {
    const [{ physicalLocation: place }] = result.locations;
    const elsewhere = {
      ...result,
      locations: [
        {
          physicalLocation: {
            ...place,
            region: { ...place.region, startColumn: 9 },
          },
        },
      ],
    };
    const packages = ['a', 'b'].map(name => ({
      ...result,
      message: { text: `Package: ${name}\nInstalled Version: 1` },
    }));

    const places = read(report({ results: [result, elsewhere] }));
    const images = read(report({ tool: 'Trivy', results: packages }));

    expect(places.findings).toHaveLength(2);
    expect(images.findings.map(finding => finding.package)).toEqual(['a', 'b']);
  });
});

describe('what SARIF tells of a finding', () => {
  it('finds rules that come after the results, in extensions and by index alone', () => {
    const text = `{
      "runs": [{
        "results": [
          {"message": {"text": "m"}, "rule": {"index": 1, "toolComponent": {"index": 0}},
           "locations": [{"physicalLocation": {"artifactLocation": {"index": 1}}}]},
          {"message": {"id": "known"}, "ruleId": "nested/one"}
        ],
        "artifacts": [{"location": {"uri": "a"}}, {"location": {"uri": "file:///src/b%20c.ts"}}],
        "tool": {
          "extensions": [{"name": "pack", "rules": [{"id": "x"}, {"id": "y", "helpUri": "https://example.test/y",
            "shortDescription": {"text": "Why"}, "defaultConfiguration": {"level": "error"}}]}],
          "driver": {"name": "CodeQL", "semanticVersion": "2.20.0", "rules": [
            {"id": "nested", "messageStrings": {"known": {"text": "A known message"}}}]}
        }
      }],
      "version": "2.1.0"
    }`;

    const { tool, findings } = read(text);

    expect(tool).toBe('CodeQL 2.20.0');
    expect(findings).toEqual([
      {
        ruleId: 'y',
        title: 'Why',
        severity: 'high',
        category: 'code',
        path: '/src/b c.ts',
        url: 'https://example.test/y',
        suppressed: false,
      },
      {
        ruleId: 'nested/one',
        title: 'A known message',
        severity: 'medium',
        category: 'code',
        suppressed: false,
      },
    ]);
  });

  it('prefers a rule of the tool itself to one of the same id in an extension', () => {
    const own = [{ id: 'rule', shortDescription: { text: 'own' } }];
    const strange = [{ id: 'rule', shortDescription: { text: 'strange' } }];

    const { findings } = read({
      version: '2.1.0',
      runs: [
        {
          results: [result],
          tool: {
            driver: { name: 'CodeQL', rules: own },
            extensions: [{ rules: strange }],
          },
        },
      ],
    });

    expect(findings[0].title).toBe('own');
  });

  it('believes the id of a rule more than an index that does not fit', () => {
    const rules = ['other', 'rule'].map(id => ({
      id,
      shortDescription: { text: `about ${id}` },
    }));

    const { findings } = read({
      version: '2.1.0',
      runs: [
        {
          results: [{ ...result, ruleIndex: 0 }],
          tool: { driver: { name: 'CodeQL', rules } },
        },
      ],
    });

    expect(findings[0].title).toBe('about rule');
  });

  it('keeps the text of a secret to itself', () => {
    const finding = only({
      tool: 'Trivy',
      rule: {
        name: 'Secret',
        shortDescription: { text: 'GitHub token' },
      },
      results: [
        { ...result, message: { text: 'Secret token\nMatch: hunter2' } },
      ],
    });

    expect(JSON.stringify(finding)).not.toContain('hunter2');
    expect(finding.title).toBe('GitHub token');
  });

  it.each([['javascript', 'alert(1)'].join(':'), 'no address', 'file:///etc'])(
    'links nowhere but to the web: %s',
    helpUri => {
      const finding = only({ rule: { helpUri } });

      expect(finding.url).toBeUndefined();
    },
  );

  it.each([
    ['D:\\dev\\main.tf', 'D:/dev/main.tf'],
    ['./src/a.ts', 'src/a.ts'],
    ['100%.ts', '100%.ts'],
  ])('writes the path %s as %s', (uri, path) => {
    const locations = [{ physicalLocation: { artifactLocation: { uri } } }];

    const finding = only({ results: [{ ...result, locations }] });

    expect(finding.path).toBe(path);
  });

  it('names every tool of several runs once', () => {
    const { runs } = report({});
    const other = report({ tool: 'defsec' }).runs;

    const { tool } = read({
      version: '2.1.0',
      runs: [...runs, ...runs, ...other],
    });

    expect(tool).toBe('CodeQL, tfsec');
  });
});

describe('whether the scan came to its end', () => {
  const done = {
    executionSuccessful: true,
    endTimeUtc: '2026-02-01T10:00:00Z',
  };
  const failed = { executionSuccessful: false };

  it.each<[boolean, string, unknown]>([
    [true, 'nothing found', report({ results: [] })],
    [true, 'success', report({ run: { invocations: [done] } })],
    [false, 'failure', report({ run: { invocations: [done, failed] } })],
    [false, 'results null', report({ run: { results: null } })],
    [false, 'results absent', report({ run: { results: undefined } })],
    [false, 'no run', { version: '2.1.0', runs: [] }],
    [
      false,
      'one run of two failed',
      {
        version: '2.1.0',
        runs: [
          ...report({}).runs,
          ...report({ run: { invocations: [failed] } }).runs,
        ],
      },
    ],
  ])('%s: %s', (completed, _, given) => {
    const { completed: actual } = read(given);

    expect(actual).toBe(completed);
  });

  it('takes the end of the last invocation as the time of measuring', () => {
    const later = { ...done, endTimeUtc: '2026-02-01T12:00:00+01:00' };

    const { measuredAt } = read(
      report({ run: { invocations: [later, done] } }),
    );

    expect(measuredAt).toBe('2026-02-01T11:00:00.000Z');
  });
});

describe('bad SARIF', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      ruleId: `${at}`,
      message: { text: 'm' },
    }));

  it.each<[string, unknown, RegExp]>([
    [
      'version 2.0.0',
      { ...report({}), version: '2.0.0' },
      /version: only SARIF 2\.1\.0/,
    ],
    ['version 1.0.0', { ...report({}), version: '1.0.0' }, /version: only/],
    ['no version', { runs: [] }, /version: only/],
    ['no runs', { version: '2.1.0' }, /runs: missing/],
    [
      'runs are no list',
      { version: '2.1.0', runs: { a: {} } },
      /runs: missing/,
    ],
    [
      'runs hold runs by name',
      { version: '2.1.0', runs: { a: { results: [result] } } },
      /runs: not a list/,
    ],
    [
      'a tool without a name',
      { version: '2.1.0', runs: [{ results: [] }] },
      /runs\[0\]\.tool\.driver\.name/,
    ],
    [
      'results by name',
      report({ results: { a: result } }),
      /runs\[0\]\.results: not a list/,
    ],
    [
      'no message',
      report({ results: [result, { ruleId: 'rule' }] }),
      /runs\[0\]\.results\[1\]\.message/,
    ],
    [
      'another level',
      report({ results: [{ ...result, level: 'critical' }] }),
      /runs\[0\]\.results\[0\]\.level: not one of/,
    ],
    [
      'another level of a rule',
      report({ rule: { defaultConfiguration: { level: 'high' } } }),
      /rules\[0\]\.defaultConfiguration\.level/,
    ],
    [
      'another kind',
      report({ results: [{ ...result, kind: 'maybe' }] }),
      /results\[0\]\.kind/,
    ],
    ...[-1, 10.1, 'NaN', '12 %', '', {}].map(
      score =>
        [
          `a score of ${JSON.stringify(score)}`,
          report({ rule: { properties: { 'security-severity': score } } }),
          /runs\[0\]\.tool\.driver\.rules\[0\]\.properties\.security-severity/,
        ] as [string, unknown, RegExp],
    ),
    [
      'a negative line',
      report({
        results: [
          {
            ...result,
            locations: [{ physicalLocation: { region: { startLine: -1 } } }],
          },
        ],
      }),
      /results\[0\]\.locations\[0\]\.physicalLocation\.region\.startLine/,
    ],
    [
      'a time that is none',
      report({ run: { invocations: [{ endTimeUtc: 'soon' }] } }),
      /runs\[0\]\.invocations\[0\]\.endTimeUtc/,
    ],
    ['50,001 findings', report({ results: many(50_001) }), /more than 50000/],
    ['truncated', JSON.stringify(report({})).slice(0, -20), /Line 1/],
    ['empty', '', /Line 1/],
    ['no JSON', '<xml/>', /Line 1/],
    [
      '10,000 levels deep',
      `{"version":"2.1.0","runs":[{"properties":${'{"a":'.repeat(10_000)}1`,
      /nested deeper/,
    ],
  ])('%s', (_, given, message) => {
    const reading = () => read(given);

    expect(reading).toThrow(InputError);
    expect(reading).toThrow(message);
  });
});

describe('recognising SARIF', () => {
  it.each([
    [
      true,
      '{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","runs":[{',
    ],
    [true, '{"runs":[{"results":[{"ruleId":"a"'],
    [true, '{"version":"1.0.0","runs":[{"tool":{"name":"old"'],
    [false, '{"runs":[]}'],
    [false, '{"SchemaVersion":2,"ArtifactName":"a"}'],
    [false, '[{"runs":[]}]'],
  ])('%s: %s', (expected, head) => {
    const detected = sarif.detect(head);

    expect(detected).toBe(expected);
  });
});
