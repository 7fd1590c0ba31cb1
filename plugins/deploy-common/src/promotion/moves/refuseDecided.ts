import { actorOf, Failure, PromotionStatus } from '../../model';
import { PromotionState } from '../types';

const sayings: Record<
  Exclude<PromotionStatus, 'gated' | 'awaiting_approval' | 'approved'>,
  string
> = {
  executing: 'was let through',
  verifying: 'was let through and is in place',
  succeeded: 'was carried out',
  rejected: 'was rejected',
  failed: 'was let through and failed',
  cancelled: 'was cancelled',
  expired: 'expired',
  superseded: 'was superseded by a newer release',
  rolled_back: 'was carried out and rolled back',
};

const remedies: Partial<Record<PromotionStatus, string>> = {
  executing: 'Wait for its end; after that, roll back if it is bad.',
  verifying: 'Wait for its end; after that, roll back if it is bad.',
  succeeded: 'If it is bad, roll back.',
  superseded: 'Follow the promotion of the newer release.',
};

/** Why a person can no longer do anything about a promotion. */
export function refuseDecided(state: PromotionState, verb: string): Failure {
  const saying = sayings[state.status as keyof typeof sayings];
  const by = state.decided?.by ? ` by ${actorOf(state.decided.by)}` : '';
  const at = state.decided ? ` at ${state.decided.at}` : '';
  return {
    message: `This promotion ${saying}${by}${at}; it can no longer be ${verb}.`,
    remedy: remedies[state.status] ?? 'Ask for a new promotion.',
  };
}

/** Why a promotion whose time is over takes no voice, although nobody looked at it since. */
export function refuseExpired(state: PromotionState, verb: string): Failure {
  return {
    message: `This promotion expired at ${state.expiresAt}; it can no longer be ${verb}.`,
    remedy: 'Ask for a new promotion.',
  };
}
