import { AskedQuestion } from '../protection/types';
import { PromotionStore } from './PromotionStore';
import { StoredPromotion } from './rows';

/**
 * Whether a promotion of a release answers a run that brings it. One that was over before a job asked answers
 * nothing, as a run that is run again asks anew; unless it succeeded with this very attempt, which goes on.
 */
export async function speaksFor(
  store: Pick<PromotionStore, 'attemptOf'>,
  promotion: StoredPromotion,
  { runId, askedAt, attempt }: AskedQuestion,
): Promise<boolean> {
  const { finished_at: finishedAt, status, state } = promotion;
  if (promotion.run_id !== runId) {
    return false;
  }
  if (!finishedAt || askedAt <= finishedAt) {
    return true;
  }
  return (
    status === 'succeeded' &&
    !state.bypassed &&
    attempt !== undefined &&
    attempt === (await store.attemptOf(promotion))
  );
}

/** It was asked for, or approved, with another run of the same release. */
export function isOtherRun(
  { run_id: runId, finished_at: finishedAt }: StoredPromotion,
  question: AskedQuestion,
): boolean {
  return !finishedAt && Boolean(runId) && runId !== question.runId;
}
