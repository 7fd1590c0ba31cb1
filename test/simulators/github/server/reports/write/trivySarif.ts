import { sarifDocument } from './sarif';
import type { Vulnerability } from './trivy';

const LEVELS = {
  CRITICAL: 'error',
  HIGH: 'error',
  MEDIUM: 'warning',
  LOW: 'note',
};

/** What `trivy convert --format sarif` makes of a scan: of an image, or of lock files. */
export function writeTrivySarif(options: {
  image?: string;
  vulnerabilities: Vulnerability[];
  time: number;
}): string {
  const { image, vulnerabilities, time } = options;
  return sarifDocument({
    tool: 'Trivy',
    version: '0.69.3',
    time,
    rules: vulnerabilities.map(({ id, title, severity }) => ({
      id,
      name: image
        ? 'OsPackageVulnerability'
        : 'LanguageSpecificPackageVulnerability',
      shortDescription: { text: title },
      properties: { tags: ['vulnerability', 'security', severity] },
    })),
    results: vulnerabilities.map(one => ({
      ruleId: one.id,
      level: LEVELS[one.severity],
      message: {
        text: [
          `Package: ${one.package}`,
          `Installed Version: ${one.installed}`,
          `Vulnerability ${one.id}`,
          `Severity: ${one.severity}`,
          `Fixed Version: ${one.fixed ?? ''}`,
        ].join('\n'),
      },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: image ? one.package : 'Cargo.lock' },
            region: { startLine: 1 },
          },
        },
      ],
    })),
    ...(image && { properties: { imageName: image } }),
  });
}
