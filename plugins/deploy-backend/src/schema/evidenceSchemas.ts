import {
  evidenceFormats,
  evidenceTypes,
  findingCategories,
  severities,
} from '@vvp/backstage-plugin-deploy-common';

const time = { type: 'string', format: 'date-time' } as const;
const text = { type: 'string' } as const;
const count = { type: 'integer', minimum: 0 } as const;
const number = { type: 'number' } as const;
const seconds = { type: 'number', minimum: 0 } as const;

/** Shapes of reports; the types of deploy-common's `model/evidence`. */
export const evidenceSchemas = {
  EvidenceType: { type: 'string', enum: [...evidenceTypes] },
  EvidenceFormat: { type: 'string', enum: Object.keys(evidenceFormats) },
  Severity: { type: 'string', enum: [...severities] },
  FindingCategory: { type: 'string', enum: [...findingCategories] },
  CoverageCount: object({ covered: count, total: count }),
  CoverageSummary: object(
    {
      type: { const: 'coverage' },
      lines: ref('CoverageCount'),
      branches: ref('CoverageCount'),
      functions: ref('CoverageCount'),
      files: count,
    },
    ['branches', 'functions'],
  ),
  TestSummary: object(
    {
      type: { const: 'test' },
      total: count,
      passed: count,
      failed: count,
      skipped: count,
      flaky: count,
      suites: count,
      durationSeconds: seconds,
    },
    ['durationSeconds'],
  ),
  SeverityCounts: object(
    Object.fromEntries(severities.map(severity => [severity, count])),
  ),
  SecuritySummary: object({
    type: { const: 'security' },
    completed: {
      type: 'boolean',
      description: 'Whether the scan came to its end',
    },
    bySeverity: ref('SeverityCounts'),
    byCategory: object(
      Object.fromEntries(
        findingCategories.map(category => [category, ref('SeverityCounts')]),
      ),
      [...findingCategories],
    ),
    suppressed: count,
  }),
  Measurement: object({
    scenario: text,
    metric: text,
    value: number,
    unit: text,
  }),
  PerformanceSummary: object({
    type: { const: 'performance' },
    measurements: listOf('Measurement'),
  }),
  EvidenceSummary: {
    anyOf: [
      ref('CoverageSummary'),
      ref('TestSummary'),
      ref('SecuritySummary'),
      ref('PerformanceSummary'),
    ],
  },
  Provenance: {
    description: 'Who brought a report, and on what grounds that was believed',
    anyOf: [
      object(
        {
          kind: { const: 'github-oidc' },
          repository: text,
          ref: text,
          sha: text,
          workflow: text,
          runId: text,
          attempt: { type: 'integer' },
          event: text,
          actor: text,
        },
        ['actor'],
      ),
      object({ kind: { const: 'service' }, subject: text }),
      object({ kind: { const: 'user' }, userRef: text }),
      object({ kind: { const: 'api-key' }, name: text }),
    ],
  },
  Evidence: object(evidenceProperties(), evidenceOptional()),
  ReceivedEvidence: object(
    {
      ...evidenceProperties(),
      created: {
        type: 'boolean',
        description: 'False: the same report was there already',
      },
    },
    evidenceOptional(),
  ),
  CoveredFile: object(
    {
      path: text,
      package: text,
      lines: ref('CoverageCount'),
      branches: ref('CoverageCount'),
      functions: ref('CoverageCount'),
    },
    ['package', 'branches', 'functions'],
  ),
  CoveredPackage: object(
    {
      name: text,
      lines: ref('CoverageCount'),
      branches: ref('CoverageCount'),
      functions: ref('CoverageCount'),
    },
    ['branches', 'functions'],
  ),
  TestSuiteCounts: object(
    {
      name: text,
      total: count,
      passed: count,
      failed: count,
      skipped: count,
      flaky: count,
      durationSeconds: seconds,
    },
    ['durationSeconds'],
  ),
  NotableTest: object(
    {
      suite: text,
      name: text,
      className: text,
      outcome: { type: 'string', enum: ['passed', 'failed', 'skipped'] },
      flaky: { type: 'boolean' },
      durationSeconds: seconds,
      message: text,
      trace: text,
      file: text,
      line: count,
      failingSince: time,
      failingSinceCommit: text,
    },
    [
      'className',
      'durationSeconds',
      'message',
      'trace',
      'file',
      'line',
      'failingSince',
      'failingSinceCommit',
    ],
  ),
  Finding: object(
    {
      ruleId: text,
      title: text,
      severity: ref('Severity'),
      category: ref('FindingCategory'),
      package: text,
      version: text,
      fixedVersion: text,
      path: text,
      line: count,
      url: text,
      suppressed: { type: 'boolean' },
    },
    ['package', 'version', 'fixedVersion', 'path', 'line', 'url'],
  ),
  ComparedMeasurement: object(
    {
      scenario: text,
      metric: text,
      value: number,
      unit: text,
      baseline: {
        type: 'number',
        description: 'Median of the last reports on other commits before',
      },
    },
    ['baseline'],
  ),
  EvidenceDetail: object(
    {
      ...evidenceProperties(),
      files: { ...listOf('CoveredFile'), maxItems: 200 },
      packages: { ...listOf('CoveredPackage'), maxItems: 200 },
      suites: { ...listOf('TestSuiteCounts'), maxItems: 1000 },
      tests: { ...listOf('NotableTest'), maxItems: 500 },
      findings: { ...listOf('Finding'), maxItems: 500 },
      measurements: listOf('ComparedMeasurement'),
    },
    [
      ...evidenceOptional(),
      'files',
      'packages',
      'suites',
      'tests',
      'findings',
      'measurements',
    ],
  ),
  TrendSeries: object(
    {
      metric: text,
      suite: text,
      mode: text,
      scenario: text,
      environment: text,
      unit: text,
      points: {
        type: 'array',
        maxItems: 1000,
        items: object({
          measuredAt: time,
          value: number,
          commit: text,
          evidenceId: text,
        }),
      },
    },
    ['suite', 'mode', 'scenario', 'environment'],
  ),
  TrendThreshold: object(
    {
      gate: text,
      environment: text,
      metric: text,
      suite: text,
      scenario: text,
      operator: {
        type: 'string',
        enum: ['minimum', 'maximum', 'moreThan', 'lessThan'],
      },
      value: number,
      unit: text,
    },
    ['suite', 'scenario'],
  ),
  Trends: object({
    type: ref('EvidenceType'),
    from: time,
    to: time,
    series: listOf('TrendSeries'),
    thresholds: listOf('TrendThreshold'),
  }),
  EvidencePage: object(
    {
      items: listOf('Evidence'),
      nextCursor: { type: 'string', description: 'Absent on the last page' },
    },
    ['nextCursor'],
  ),
};

function evidenceProperties() {
  return {
    id: text,
    entityRef: text,
    type: ref('EvidenceType'),
    format: ref('EvidenceFormat'),
    commit: { type: 'string', pattern: '^([0-9a-f]{40}|[0-9a-f]{64})$' },
    environment: text,
    suite: text,
    mode: text,
    ref: text,
    pullRequest: { type: 'integer', minimum: 1 },
    tool: text,
    measuredAt: time,
    receivedAt: time,
    summary: ref('EvidenceSummary'),
    provenance: ref('Provenance'),
  };
}

function evidenceOptional() {
  return ['environment', 'suite', 'mode', 'ref', 'pullRequest', 'tool'];
}

/** All properties are required but for those named; there are no others. */
function object(
  properties: Record<string, object>,
  optional: readonly string[] = [],
) {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties).filter(key => !optional.includes(key)),
    properties,
  };
}

function listOf(name: string) {
  return { type: 'array', items: ref(name) };
}

function ref(name: string) {
  return { $ref: `#/components/schemas/${name}` };
}
