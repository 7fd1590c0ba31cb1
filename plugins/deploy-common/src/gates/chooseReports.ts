import { Evidence } from '../model';
import { placeOf } from './places';
import { looksFor } from './scannedCategories';
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
 *
 * Reports of one kind that the same attempt of the same run brought stand beside each other, as those of
 * a matrix do: the last leg must not hide what the others found.
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
      lastReceived(candidates.filter(({ relation }) => relation === 'same')) ??
      candidates.find(({ relation }) => relation !== 'changed');
    if (found?.relation === 'unknown') {
      chosen.undecided ??= found;
    } else if (found) {
      chosen.reports.push(
        ...candidates.filter(
          other => other === found || isOfSameRun(found, other),
        ),
      );
    } else {
      chosen.outdated ??= candidates[0];
    }
  }
  return chosen;
}

/** Of one commit the last one counts that came in: a report's own clock may be wrong. */
function lastReceived(reports: readonly GateEvidence[]) {
  return reports.reduce<GateEvidence | undefined>(
    (last, report) =>
      last &&
      timeOf(last.evidence.receivedAt) >= timeOf(report.evidence.receivedAt)
        ? last
        : report,
    undefined,
  );
}

function isOfSameRun(one: GateEvidence, other: GateEvidence): boolean {
  const run = runOf(one.evidence);
  return (
    run !== undefined &&
    run === runOf(other.evidence) &&
    one.evidence.commit === other.evidence.commit
  );
}

function runOf({ provenance }: Evidence): string | undefined {
  return provenance.kind === 'github-oidc'
    ? JSON.stringify([provenance.runId, provenance.attempt])
    : undefined;
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
        selects(selector, evidence, facts.environment) &&
        looksFor(evidence, rule.metric?.categories),
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
