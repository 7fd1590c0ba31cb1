import { escapeMarkdown } from '../feedback/markdown';
import { ProtectionDecision } from '../protection/types';

/** What one service's promotion says to a question of GitHub. */
export interface OwnDecision {
  /** Entity ref. */
  service: string;
  promotionId?: string;
  decision: ProtectionDecision['decision'];
  /** Why, whole sentences. */
  lines: string[];
}

const MAX_LINES = 8;

/**
 * One answer of GitHub's lets in all that wait at an environment: so it is `approve` only if every
 * promotion is let through, and `reject` as soon as one may never go in.
 */
export function joinDecisions(
  decisions: readonly OwnDecision[],
): ProtectionDecision {
  const against = decisions.filter(({ decision }) => decision === 'reject');
  return {
    decision: joined(decisions),
    comment: commentOf(decisions),
    ...(against.length > 0 && {
      why: [...new Set(against.flatMap(({ lines }) => lines))].join(' '),
    }),
  };
}

function joined(
  decisions: readonly OwnDecision[],
): ProtectionDecision['decision'] {
  if (decisions.some(({ decision }) => decision === 'reject')) {
    return 'reject';
  }
  return decisions.length > 0 &&
    decisions.every(({ decision }) => decision === 'approve')
    ? 'approve'
    : 'wait';
}

function commentOf(decisions: readonly OwnDecision[]): string {
  const titles: Record<OwnDecision['decision'], string> = {
    approve: 'may go in',
    reject: 'does not go in',
    wait: 'waits',
  };
  return decisions
    .map(({ service, decision, lines }) => {
      const more = lines.length - MAX_LINES;
      return [
        `**${escapeMarkdown(service)}** ${titles[decision]}`,
        ...lines.slice(0, MAX_LINES).map(line => `- ${escapeMarkdown(line)}`),
        ...(more > 0 ? [`- and ${more} more`] : []),
      ].join('\n');
    })
    .join('\n\n');
}
