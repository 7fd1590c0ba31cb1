import {
  awaitsDeployment,
  GateCheck,
  GateResult,
  GateState,
  GateSummary,
} from '@vvp/backstage-plugin-deploy-common';
import { quantityText } from './numbers';
import { StatusText } from './status';

/**
 * Texts and tones of every state of a gate.
 *
 * @internal
 */
export const gateTexts: Record<GateState, StatusText> = {
  fail: {
    label: 'Fails',
    meaning: 'What the rule asks for does not hold',
    tone: 'error',
  },
  pending: {
    label: 'Pending',
    meaning: 'Not known yet: evidence is still awaited',
    tone: 'attention',
  },
  waived: {
    label: 'Waived',
    meaning: 'It does not hold, and somebody lets this release through',
    tone: 'attention',
  },
  pass: {
    label: 'Passes',
    meaning: 'What the rule asks for holds',
    tone: 'success',
  },
  none: {
    label: 'No rule',
    meaning: 'No rule asks for anything here',
    tone: 'neutral',
  },
};

const verbs: Record<Exclude<GateState, 'none'>, [string, string]> = {
  fail: ['fails', 'fail'],
  pending: ['is pending', 'are pending'],
  waived: ['is waived', 'are waived'],
  pass: ['passes', 'pass'],
};

const limitWords: Record<string, string> = {
  minimum: 'at least',
  maximum: 'at most',
  moreThan: 'more than',
  lessThan: 'less than',
};

/**
 * All gates in a few words, about the state that decides: "2 of 5 gates fail". What can only be measured once the
 * release is there is told apart.
 *
 * @internal
 */
export function gatesText(summary: GateSummary): string {
  const { state, results } = summary;
  if (state === 'none' || results.length === 0) {
    return 'No gates';
  }
  const all = results.length;
  const awaited = results.filter(awaitsDeployment).length;
  if (awaited === all) {
    return all === 1
      ? 'The gate is awaited after the deployment'
      : `All ${all} gates are awaited after the deployment`;
  }
  const concerned = results.filter(
    result => result.state === state && !awaitsDeployment(result),
  ).length;
  if (concerned === all) {
    return all === 1
      ? `The gate ${verbs[state][0]}`
      : `All ${all} gates ${verbs[state][1]}`;
  }
  const text = `${concerned} of ${all} gates ${
    verbs[state][concerned === 1 ? 0 : 1]
  }`;
  return awaited === 0
    ? text
    : `${text}, ${awaited} ${
        awaited === 1 ? 'is' : 'are'
      } awaited after the deployment`;
}

/**
 * What was measured, for one gate; nothing where its rule is not about a number.
 *
 * @internal
 */
export function actualText(result: GateResult): string | undefined {
  const { actual, threshold, unit } = result;
  return actual === undefined
    ? undefined
    : quantityText(actual, unit, threshold);
}

/**
 * What the rule asks for: "at least 79 %". The word comes from the check that decides, where it can be told.
 *
 * @internal
 */
export function thresholdText(result: GateResult): string | undefined {
  const { threshold, unit } = result;
  if (threshold === undefined) {
    return undefined;
  }
  const word = limitWords[decidingCheck(result)?.operator ?? ''];
  const text = quantityText(threshold, unit);
  return word ? `${word} ${text}` : text;
}

/**
 * Whether somebody could let a release pass this gate.
 *
 * @internal
 */
export function canBeWaived(result: GateResult): boolean {
  return result.state === 'fail' || result.state === 'pending';
}

function decidingCheck(result: GateResult): GateCheck | undefined {
  const { actual, threshold, unit } = result;
  return result.checks.find(
    check =>
      check.actual === actual &&
      check.threshold === threshold &&
      check.unit === unit,
  );
}
