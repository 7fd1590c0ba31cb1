import { GateCheck, GateResult, GateState, Waiver } from '../model';
import { chooseReports } from './chooseReports';
import { reportLabel } from './describe';
import { formatTime } from './duration';
import { GateOperator, gateOperators } from './operators';
import { ageSeconds } from './operators/maxAge';
import { Judgement } from './operators/types';
import { placeOf } from './places';
import { GateFacts, GateRule } from './types';

const stateOrder: readonly GateCheck['state'][] = ['fail', 'pending', 'pass'];

/**
 * Judges a rule by what is known. Pure: the same facts give the same result.
 *
 * @param operators - What a rule can ask; left out in tests only.
 * @public
 */
export function judgeGate(
  rule: GateRule,
  facts: GateFacts,
  operators: readonly GateOperator[] = gateOperators,
): Omit<GateResult, 'id'> {
  const chosen = chooseReports(rule, facts);
  const several = chosen.reports.length > 1;
  const judged = operators.flatMap(operator => {
    const worst = worstOf(operator.judge({ rule, facts, chosen }));
    return worst ? [{ operator: operator.name, ...label(worst, several) }] : [];
  });
  const deciding = decidingOf(judged);
  const state: GateState = deciding?.state ?? 'none';
  const waiver = waiverFor(state, facts);
  const measured = deciding?.report ?? chosen.reports[0];
  const reason = deciding?.reason ?? 'The rule asks for nothing.';
  return {
    name: rule.name,
    title: rule.title,
    environment: facts.environment,
    state: waiver ? 'waived' : state,
    reason: waiver ? `${reason} ${waived(waiver)}` : reason,
    checks: judged.map(({ report: _, ...check }) => check),
    ...(deciding?.actual !== undefined && { actual: deciding.actual }),
    ...(deciding?.threshold !== undefined && { threshold: deciding.threshold }),
    ...(deciding?.unit !== undefined && { unit: deciding.unit }),
    ...(rule.evidence && { evidenceType: rule.evidence.type }),
    evidenceIds: chosen.reports.map(({ evidence }) => evidence.id),
    ...(measured && {
      measuredCommit: measured.evidence.commit,
      measuredAt: measured.evidence.measuredAt,
      ageSeconds: ageSeconds(measured.evidence.measuredAt, facts.now),
    }),
    carriedForward: measured?.relation === 'unchanged',
    ...(placeOf(rule.evidence?.environment, facts) === facts.environment && {
      afterDeployment: true,
    }),
    ...(waiver && { waiver }),
  };
}

function worstOf<T extends Judgement>(judgements: readonly T[]): T | undefined {
  return stateOrder
    .map(state => judgements.find(judgement => judgement.state === state))
    .find(Boolean);
}

/** Says which of several reports a sentence is about. */
function label(judgement: Judgement, several: boolean): Judgement {
  return several && judgement.report
    ? {
        ...judgement,
        reason: `${reportLabel(judgement.report.evidence)}: ${
          judgement.reason
        }`,
      }
    : judgement;
}

/** What a report is, and not what it says. */
const framing = ['mustExist', 'sameCommit', 'completed', 'maxAge'];

/** The first of the worst; of those that pass the first that is about more than what the report is. */
function decidingOf<T extends Judgement & { operator: string }>(
  checks: readonly T[],
): T | undefined {
  const worst = worstOf(checks);
  return worst?.state === 'pass'
    ? checks.find(({ operator }) => !framing.includes(operator)) ??
        checks[checks.length - 1]
    : worst;
}

function waiverFor(state: GateState, facts: GateFacts): Waiver | undefined {
  const { waiver } = facts;
  const needed = state === 'fail' || state === 'pending';
  const granted =
    waiver && Date.parse(waiver.expiresAt) > Date.parse(facts.now);
  return needed && granted ? waiver : undefined;
}

function waived({ grantedBy, expiresAt }: Waiver): string {
  return `Waived by ${grantedBy} until ${formatTime(Date.parse(expiresAt))}.`;
}
