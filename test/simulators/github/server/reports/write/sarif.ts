export interface SarifFinding {
  ruleId: string;
  title: string;
  /** CVSS-like score, as GitHub's code scanning reads it. */
  securitySeverity: string;
  path: string;
  line: number;
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
  return JSON.stringify({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: options.tool,
            semanticVersion: options.version,
            rules: rules.map(rule => ({
              id: rule.ruleId,
              shortDescription: { text: rule.title },
              properties: {
                tags: ['security'],
                'security-severity': rule.securitySeverity,
              },
            })),
          },
        },
        invocations: [
          {
            executionSuccessful: true,
            endTimeUtc: new Date(options.time).toISOString(),
          },
        ],
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
      },
    ],
  });
}
