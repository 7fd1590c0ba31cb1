import { Finding } from '@vvp/backstage-plugin-deploy-common';
import { oneLine } from '../../plainText';
import { categoryOf } from './categoryOf';
import { SarifResult } from './readResult';
import { SarifRule } from './readRule';
import { severityOf } from './severityOf';

/** @param image - whether the run looked at a container image */
export function findingOf(
  tool: string,
  image: boolean,
  result: SarifResult,
  rule: SarifRule | undefined,
): Finding {
  const id = result.ruleId ?? rule?.id ?? 'unknown';
  const category = categoryOf(
    tool,
    { id, name: rule?.name, tags: rule?.tags ?? [] },
    image,
  );
  const facts =
    category === 'dependency' || category === 'image'
      ? factsOf(tool, result, rule)
      : {};
  const bounded = (value: string | undefined) => value && oneLine(value, 200);
  return {
    ruleId: id,
    title: titleOf(tool, category === 'secret', result, rule) ?? id,
    severity: severityOf(tool, category, result, rule),
    category,
    package: bounded(facts.name),
    version: bounded(facts.version),
    fixedVersion: bounded(facts.fixedVersion),
    path: result.path,
    line: result.line,
    url: rule?.url,
    suppressed: result.suppressed,
  };
}

/** The help of a rule tells of the package only where each package has its own rule, as with Grype. */
function factsOf(
  tool: string,
  result: SarifResult,
  rule: SarifRule | undefined,
) {
  return !result.facts.name && /^grype/i.test(tool)
    ? rule?.facts ?? {}
    : result.facts;
}

/**
 * The message of a result may hold the very secret that was found: of those only the rule is told. gitleaks, which
 * has no more than a message in its old reports, does not repeat secrets there.
 */
function titleOf(
  tool: string,
  secret: boolean,
  result: SarifResult,
  rule: SarifRule | undefined,
): string | undefined {
  if (secret) {
    return (
      rule?.title ?? (/^gitleaks/i.test(tool) ? result.message : undefined)
    );
  }
  const message = result.message ?? rule?.messages.get(result.messageId ?? '');
  const generic = !rule?.title || /^Semgrep Finding:/i.test(rule.title);
  return generic || rule.title === rule.id ? message : rule.title;
}
