import {
  Permitted,
  Promotion,
  PromotionSummary,
  undecidedStatuses,
  voiceProblem,
} from '@vvp/backstage-plugin-deploy-common';
import { Judged } from './ReadinessDesk';

const allowed: Permitted = { allowed: true };
const refused = (why: string): Permitted => ({ allowed: false, why });

/** What somebody may do about a promotion now, and why not; the same reasons that a try would be refused for. */
export function explainPermitted(
  {
    by,
    promotion,
    judged,
    letsIn = false,
  }: {
    by: string;
    promotion: PromotionSummary;
    judged: Pick<Judged, 'facts' | 'conditions'> | undefined;
    /** Their approval lets it in at GitHub, whether they gave a voice before or none is asked for. */
    letsIn?: boolean;
  },
  permissions: {
    mayApprove: boolean;
    mayPromote: boolean;
    mayOverride: boolean;
  },
): Pick<Promotion, 'mayApprove' | 'mayReject' | 'mayCancel' | 'mayOverride'> {
  const isPerson = !by.startsWith('service:');
  const lacks = (permission: string) =>
    refused(
      isPerson
        ? `This needs the permission ${permission} for this environment.`
        : 'Only people decide about promotions.',
    );
  const approver =
    isPerson && permissions.mayApprove ? allowed : lacks('deploy.approve');
  if (!undecidedStatuses.includes(promotion.status)) {
    const over = refused(
      `The promotion is ${promotion.status.replace(
        '_',
        ' ',
      )}: there is nothing to decide.`,
    );
    return {
      mayApprove: letsIn ? approver : over,
      mayReject: over,
      mayCancel: over,
      mayOverride: over,
    };
  }
  return {
    mayApprove:
      approver.allowed && !letsIn ? voice(by, promotion, judged) : approver,
    mayReject: approver,
    mayCancel:
      isPerson && (permissions.mayPromote || promotion.requestedBy === by)
        ? allowed
        : lacks('deploy.promote'),
    mayOverride: override(
      isPerson && permissions.mayOverride ? allowed : lacks('deploy.override'),
      judged,
    ),
  };
}

function voice(
  by: string,
  promotion: PromotionSummary,
  judged: Pick<Judged, 'facts'> | undefined,
): Permitted {
  if (!judged) {
    return refused('The release is no longer known.');
  }
  if (judged.facts.policy.approvals.length === 0) {
    return refused('No approval is asked for here.');
  }
  if (promotion.approvals.some(one => one.by === by && !one.lapsed)) {
    return refused('You approved this already.');
  }
  const problem = voiceProblem(judged.facts, by);
  return problem ? refused(addressed(problem)) : allowed;
}

/** To the person that it is about. */
export function addressed(problem: string): string {
  return problem.replace(/^They are/, 'You are').replace(/^They/, 'You');
}

function override(
  permission: Permitted,
  judged: Pick<Judged, 'conditions'> | undefined,
): Permitted {
  return !permission.allowed ||
    judged?.conditions.some(({ overridable }) => overridable)
    ? permission
    : refused('Nothing that stands in the way can be overridden.');
}
