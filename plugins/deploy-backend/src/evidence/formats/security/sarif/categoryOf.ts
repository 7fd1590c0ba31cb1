import { FindingCategory } from '@vvp/backstage-plugin-deploy-common';
import { SarifRule } from './readRule';

/** Beginnings of the names of tools that look for one kind of thing, in lower case. */
const categories: [FindingCategory, string[]][] = [
  [
    'secret',
    [
      'gitleaks',
      'trufflehog',
      'ggshield',
      'gitguardian',
      'detect-secrets',
      'secretlint',
    ],
  ],
  [
    'configuration',
    [
      'tfsec',
      'checkov',
      'kics',
      'terrascan',
      'hadolint',
      'dockle',
      'kubescape',
      'kube-linter',
      'kubelinter',
      'cfn-lint',
      'actionlint',
      'zizmor',
    ],
  ],
  [
    'dependency',
    [
      'osv-scanner',
      'pip-audit',
      'dependabot',
      'dependency-check',
      'govulncheck',
      'cargo-audit',
      'npm audit',
      'grype',
      'trivy',
    ],
  ],
];

/** Names that tools give themselves in SARIF and nobody knows them by. */
const knownAs = new Map([['defsec', 'tfsec']]);

/** The name of a tool as people call it. */
export function nameOfTool(name: string): string {
  return knownAs.get(name.toLowerCase()) ?? name;
}

/**
 * What a finding is in, by its tool and rule: `code` unless one of them tells otherwise.
 *
 * @param image - whether the run looked at a container image
 */
export function categoryOf(
  tool: string,
  rule: Pick<SarifRule, 'id' | 'name' | 'tags'>,
  image: boolean,
): FindingCategory {
  const name = tool.toLowerCase();
  const found = categories.find(([, tools]) =>
    tools.some(one => name.startsWith(one)),
  )?.[0];
  if (name.startsWith('trivy')) {
    return categoryOfTrivy(rule, image);
  }
  // Checkov and Semgrep have rules for secrets among others.
  if (/^CKV_SECRET_|(^|[./])secrets[./]/i.test(rule.id)) {
    return 'secret';
  }
  return found === 'dependency' && image ? 'image' : found ?? 'code';
}

function categoryOfTrivy(
  rule: Pick<SarifRule, 'name' | 'tags'>,
  image: boolean,
): FindingCategory {
  if (rule.name === 'Secret' || rule.tags.includes('secret')) {
    return 'secret';
  }
  if (
    rule.name === 'Misconfiguration' ||
    rule.tags.includes('misconfiguration')
  ) {
    return 'configuration';
  }
  return image || rule.name === 'OsPackageVulnerability'
    ? 'image'
    : 'dependency';
}
