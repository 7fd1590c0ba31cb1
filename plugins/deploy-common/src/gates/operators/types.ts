import { GateCheck } from '../../model';
import { ChosenReports } from '../chooseReports';
import { GateEvidence, GateFacts, GateRule } from '../types';

/** What an operator says of one report, or of the release. */
export type Judgement = Omit<GateCheck, 'operator'> & {
  /** The report that was looked at. */
  report?: GateEvidence;
};

/** What an operator looks at. */
export interface JudgeContext {
  rule: GateRule;
  facts: GateFacts;
  chosen: ChosenReports;
}

/**
 * One thing that a rule can ask.
 *
 * @public
 */
export interface GateOperator {
  /** Its key in a policy. */
  name: string;
  /** One judgement for each report; none if the rule does not ask for this. */
  judge(context: JudgeContext): Judgement[];
}
