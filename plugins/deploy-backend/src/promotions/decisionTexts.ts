import { Condition } from '@vvp/backstage-plugin-deploy-common';
import { ElsewhereDecision } from '../protection/types';
import { StoredPromotion } from './rows';

/** A condition in a line. */
export function toLine({ title, reason }: Condition): string {
  return `${title}: ${reason}`;
}

/** Why it may go in. */
export function approvedBy({ state }: StoredPromotion): string {
  const voices = state.voices.filter(({ lapsed }) => !lapsed);
  return voices.length > 0
    ? `Approved by ${voices.map(({ by }) => by).join(', ')}.`
    : 'Every condition is met; no approval is asked for.';
}

/** What ended it at GitHub. */
export function withdrawn(decision: ElsewhereDecision, who: string): string {
  switch (decision) {
    case 'rejected':
      return `${who} turned the deployment away.`;
    case 'cancelled':
      return 'The run was cancelled at GitHub.';
    default:
      return 'The run no longer waits at GitHub.';
  }
}
