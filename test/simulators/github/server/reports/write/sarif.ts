import type { JsonObject } from '../../json';

export interface SarifFinding {
  ruleId: string;
  title: string;
  /** CVSS-like score, as GitHub's code scanning reads it. */
  securitySeverity: string;
  path: string;
  line: number;
}

/** A SARIF report of one run of a tool. */
export function sarifDocument(options: {
  tool: string;
  version: string;
  rules: JsonObject[];
  results: JsonObject[];
  time: number;
  properties?: JsonObject;
}): string {
  const { tool, version, rules, results, time, properties } = options;
  return JSON.stringify({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: tool, semanticVersion: version, rules } },
        invocations: [
          {
            executionSuccessful: true,
            endTimeUtc: new Date(time).toISOString(),
          },
        ],
        results,
        ...(properties && { properties }),
      },
    ],
  });
}

/** A SARIF report as CodeQL or gitleaks write it. */
export function writeSarif(options: {
  tool: string;
  version: string;
  findings: SarifFinding[];
  time: number;
}): string {
  const rules = [
    ...new Map(options.findings.map(one => [one.ruleId, one])).values(),
  ];
  return sarifDocument({
    tool: options.tool,
    version: options.version,
    time: options.time,
    rules: rules.map(rule => ({
      id: rule.ruleId,
      shortDescription: { text: rule.title },
      properties: {
        tags: ['security'],
        'security-severity': rule.securitySeverity,
      },
    })),
    results: options.findings.map(finding => ({
      ruleId: finding.ruleId,
      level: 'warning',
      message: { text: finding.title },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: finding.path },
            region: { startLine: finding.line },
          },
        },
      ],
    })),
  });
}
