import { InputError } from '@backstage/errors';
import { Finding, severities } from '@vvp/backstage-plugin-deploy-common';

/** Most findings of one report; more are refused, as every finding counts. */
const maxFindings = 50_000;

/** Findings of a report, each once. */
export class FindingList {
  readonly #findings = new Map<string, Finding>();

  /**
   * Of two that tell of the same thing in the same place, the worse is kept, and it is suppressed only if both
   * are.
   *
   * @param more - what else sets it apart from others of its rule, path, line and package
   */
  add(finding: Finding, more = ''): void {
    const { ruleId, path, line, package: name, version } = finding;
    const key = JSON.stringify([ruleId, path, line, name, version, more]);
    const before = this.#findings.get(key);
    this.#findings.set(key, before ? joined(before, finding) : finding);
    if (this.#findings.size > maxFindings) {
      throw new InputError(
        `findings: there are more than ${maxFindings}; send a report of fewer, such as one for each part of the code`,
      );
    }
  }

  list(): Finding[] {
    return [...this.#findings.values()];
  }
}

function joined(one: Finding, other: Finding): Finding {
  const worse =
    severities.indexOf(other.severity) < severities.indexOf(one.severity)
      ? other
      : one;
  return { ...worse, suppressed: one.suppressed && other.suppressed };
}
