import { ConflictError, NotAllowedError } from '@backstage/errors';
import {
  Failure,
  judgeReadiness,
  Standing,
  voiceProblem,
} from '@vvp/backstage-plugin-deploy-common';
import { addressed } from './explainPermitted';
import { Judged } from './ReadinessDesk';

/** Throws a NotAllowedError if an approval of somebody would not count. */
export function assertCounts({ facts }: Pick<Judged, 'facts'>, by: string) {
  const problem = voiceProblem(facts, by);
  if (problem) {
    throw new NotAllowedError(
      `Your approval would not count. ${addressed(problem)}`,
    );
  }
}

/** Throws a ConflictError if somebody saw something else than there is now. */
export function assertSeen(
  { standing }: Pick<Judged, 'standing'>,
  seen: string,
) {
  if (standing.seen !== seen) {
    throw new ConflictError(
      'seen: the artifact or the gate results changed since you looked. Read the promotion again, and approve what it is now.',
    );
  }
}

/** Whether nothing is left to wait for. */
export function isAllMet({
  fit,
  approved,
  clear,
}: Pick<Standing, 'fit' | 'approved' | 'clear'>): boolean {
  return fit && approved && clear;
}

/** How it would stand once somebody approved what there is now. */
export function standingWith(
  { facts, standing }: Pick<Judged, 'facts' | 'standing'>,
  by: string,
): Standing {
  const { voices, policy, now } = facts;
  return policy.approvals.length === 0
    ? standing
    : judgeReadiness({
        ...facts,
        voices: [...voices, { by, at: now, seen: standing.seen }],
      }).standing;
}

/** Tells whoever decided that it cannot be, and what to do. */
export function conflictOf({ message, remedy }: Failure): ConflictError {
  return new ConflictError(remedy ? `${message} ${remedy}` : message);
}
