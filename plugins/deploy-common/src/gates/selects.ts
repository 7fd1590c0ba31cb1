import { Evidence } from '../model';
import { EvidenceSelector } from './types';

/**
 * Whether a report has every property that a selector gives.
 *
 * @param environment - Of the gate, for `here`.
 * @public
 */
export function selects(
  selector: EvidenceSelector,
  evidence: Evidence,
  environment: string,
): boolean {
  const place =
    selector.environment === 'here' ? environment : selector.environment;
  return (
    selector.type === evidence.type &&
    isAsked(selector.suite, evidence.suite) &&
    isAsked(selector.mode, evidence.mode) &&
    isAsked(place, evidence.environment) &&
    beginsWith(evidence.tool, selector.tool)
  );
}

function isAsked(asked: string | undefined, actual: string | undefined) {
  return asked === undefined || asked === actual;
}

function beginsWith(tool: string | undefined, asked: string | undefined) {
  return (
    asked === undefined ||
    tool?.toLocaleLowerCase('en').startsWith(asked.toLocaleLowerCase('en')) ===
      true
  );
}
