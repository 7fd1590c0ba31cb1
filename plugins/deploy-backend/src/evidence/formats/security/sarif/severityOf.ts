import { FindingCategory, Severity } from '@vvp/backstage-plugin-deploy-common';
import { severityOfWord, unratedSeverity } from '../severity';
import { SarifLevel } from './readLevel';
import { SarifResult } from './readResult';
import { SarifRule } from './readRule';

const ofLevel: Record<SarifLevel, Severity> = {
  error: 'high',
  warning: 'medium',
  note: 'low',
  none: 'info',
};

/**
 * How bad a finding is. The first that tells:
 *
 * 1. the tool's own word: Bandit's `issue_severity`, Trivy's line `Severity:` (or its tag);
 * 2. `security-severity`, a CVSS score or a word, of the result, else of the rule (CodeQL, Grype, OSV-Scanner);
 * 3. the level of the result, else of the rule: error is high, warning medium, note low (Semgrep, tfsec, whose
 *    critical ones so count as high). OSV-Scanner's says nothing: it is always `warning`;
 * 4. for secrets and vulnerabilities that nobody rated (gitleaks): high;
 * 5. SARIF's default level: medium.
 */
export function severityOf(
  tool: string,
  category: FindingCategory,
  result: SarifResult,
  rule: SarifRule | undefined,
): Severity {
  const told = result.rated ?? wordOfTrivy(tool, result, rule) ?? result.scored;
  const scored = told ?? rule?.scored;
  if (scored) {
    return scored;
  }
  if (result.kind === 'other' && !result.level) {
    return 'info';
  }
  const level = /^osv-scanner/i.test(tool)
    ? undefined
    : result.level ?? rule?.level;
  if (level) {
    return ofLevel[level];
  }
  return category === 'code' || category === 'configuration'
    ? ofLevel.warning
    : unratedSeverity;
}

/** `UNKNOWN` is nobody's rating, whatever score and level Trivy writes beside it. */
function wordOfTrivy(
  tool: string,
  result: SarifResult,
  rule: SarifRule | undefined,
): Severity | undefined {
  if (!/^trivy/i.test(tool)) {
    return undefined;
  }
  const word =
    result.facts.severity ??
    rule?.tags.find(tag => tag === 'UNKNOWN' || severityOfWord(tag));
  return word?.toUpperCase() === 'UNKNOWN'
    ? unratedSeverity
    : severityOfWord(word);
}
