import { Evidence } from '../model';
import { placeOf } from './places';
import { selects } from './selects';
import { GateEvidence, GateFacts, GateRule } from './types';

/** What a rule is judged on. */
export interface ChosenReports {
  /** One for each kind of report; none if the evidence is missing. */
  reports: GateEvidence[];
  /** A newer report than any that could serve, of which it is not known yet whether it does. */
  undecided?: GateEvidence;
  /** The newest report that does not serve, if none does. */
  outdated?: GateEvidence;
}

/**
 * Tells reports apart that stand beside each other: two of the same kind are an older and a newer one,
 * of which the newer counts; two of different kinds count both.
 *
 * @public
 */
export function evidenceKind(evidence: Evidence): string {
  const tool = evidence.tool?.replace(/\s+v?\d\S*$/i, '').toLowerCase();
  return JSON.stringify([
    evidence.type,
    evidence.format,
    evidence.suite ?? '',
    evidence.mode ?? '',
    evidence.environment ?? '',
    tool ?? '',
  ]);
}

/**
 * Chooses the reports that a rule is judged on: of each kind the newest of the release's commit, else the
 * newest of an earlier commit since when nothing of the service changed. A kind that was only measured
 * before the service changed counts for nothing.
 */
export function chooseReports(rule: GateRule, facts: GateFacts): ChosenReports {
  const kinds = new Map<string, GateEvidence[]>();
  for (const candidate of candidatesOf(rule, facts)) {
    const kind = evidenceKind(candidate.evidence);
    kinds.set(kind, [...(kinds.get(kind) ?? []), candidate]);
  }
  const chosen: ChosenReports = { reports: [] };
  for (const candidates of kinds.values()) {
    const found =
      candidates.find(({ relation }) => relation === 'same') ??
      candidates.find(({ relation }) => relation !== 'changed');
    if (found?.relation === 'unknown') {
      chosen.undecided ??= found;
    } else if (found) {
      chosen.reports.push(found);
    } else {
      chosen.outdated ??= candidates[0];
    }
  }
  return chosen;
}

/** Last measured first. */
function candidatesOf(rule: GateRule, facts: GateFacts): GateEvidence[] {
  const selector = rule.evidence && {
    ...rule.evidence,
    environment: placeOf(rule.evidence.environment, facts),
  };
  // In the first environment there is none before it that anything could be measured in.
  if (!selector || (rule.evidence?.environment && !selector.environment)) {
    return [];
  }
  return facts.evidence
    .filter(
      ({ evidence }) =>
        (evidence.pullRequest === undefined ||
          evidence.pullRequest === facts.pullRequest) &&
        selects(selector, evidence, facts.environment),
    )
    .sort(
      (a, b) =>
        timeOf(b.evidence.measuredAt) - timeOf(a.evidence.measuredAt) ||
        timeOf(b.evidence.receivedAt) - timeOf(a.evidence.receivedAt),
    );
}

/** What cannot be read is the oldest. */
function timeOf(time: string): number {
  const parsed = Date.parse(time);
  return Number.isNaN(parsed) ? 0 : parsed;
}
