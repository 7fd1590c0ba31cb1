import { Evidence, EvidenceFormat, FindingCategory } from '../model';

const byFormat: Partial<Record<EvidenceFormat, readonly FindingCategory[]>> = {
  'pip-audit': ['dependency'],
  'osv-scanner': ['dependency', 'image'],
  trivy: ['dependency', 'image', 'secret', 'configuration'],
};

/** What scanners that write SARIF look for, by the beginning of their names. */
const byTool: readonly (readonly [string, readonly FindingCategory[]])[] = [
  ['bandit', ['code']],
  ['checkov', ['configuration', 'secret']],
  ['codeql', ['code']],
  ['detect-secrets', ['secret']],
  ['eslint', ['code']],
  ['ggshield', ['secret']],
  ['gitguardian', ['secret']],
  ['gitleaks', ['secret']],
  ['grype', ['dependency', 'image']],
  ['hadolint', ['configuration']],
  ['osv-scanner', ['dependency', 'image']],
  ['secretlint', ['secret']],
  ['semgrep', ['code', 'secret']],
  ['tfsec', ['configuration']],
  ['trivy', ['dependency', 'image', 'secret', 'configuration']],
  ['trufflehog', ['secret']],
];

/**
 * Whether a report can have findings of any of these categories: one by a scanner that looks for no
 * secrets does not show that there are none. A tool that is not known may look for anything.
 */
export function looksFor(
  evidence: Evidence,
  categories: readonly FindingCategory[] | undefined,
): boolean {
  if (!categories || evidence.type !== 'security') {
    return true;
  }
  const tool = evidence.tool?.toLowerCase() ?? '';
  const scanned =
    byFormat[evidence.format] ??
    byTool.find(([name]) => tool.startsWith(name))?.[1];
  return !scanned || categories.some(category => scanned.includes(category));
}
