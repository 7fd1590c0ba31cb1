import { Failure, Standing } from '@vvp/backstage-plugin-deploy-common';
import { Judged } from './ReadinessDesk';
import { StoredPromotion } from './rows';

/** An undecided promotion is looked at this often at least: gates grow old, members leave groups. */
export const LOOK_AGAIN_MS = 60_000;

/** Lets nothing through. */
export const unknownStanding: Standing = {
  seen: '',
  fit: false,
  approved: false,
  clear: false,
  ineligible: [],
};

/** A dispatch that a crash cut off is begun again. Nothing follows from what was let in against the portal. */
export function needsGoAhead(
  promotion: Pick<
    StoredPromotion,
    'status' | 'state' | 'seam' | 'go_ahead_at' | 'operation_id'
  >,
): boolean {
  const isBegun =
    promotion.go_ahead_at &&
    (promotion.seam !== 'dispatch' || promotion.operation_id);
  return (
    promotion.status === 'executing' && !promotion.state.bypassed && !isBegun
  );
}

/** Where GitHub waits for a person, nothing goes in by itself. */
export function unattended(
  { seam }: Pick<StoredPromotion, 'seam'>,
  standing: Standing,
): Standing {
  return seam === 'review' ? { ...standing, clear: false } : standing;
}

/** When a time comes that may change something, at the latest after a while. */
export function nextLook(
  judged: Pick<Judged, 'conditions'> | undefined,
  promotion: Pick<StoredPromotion, 'expires_at'>,
  now: Date,
): Date {
  const times = [
    now.getTime() + LOOK_AGAIN_MS,
    Date.parse(promotion.expires_at),
    ...(judged?.conditions ?? []).flatMap(({ until }) =>
      until ? [Date.parse(until)] : [],
    ),
  ].filter(time => time > now.getTime());
  return new Date(Math.min(...times));
}

const FINAL_ERRORS = ['InputError', 'NotAllowedError', 'NotFoundError'];

/** What trying again does not mend; undefined if it may. */
export function finalFailure(error: unknown): Failure | undefined {
  return error instanceof Error && FINAL_ERRORS.includes(error.name)
    ? { message: error.message }
    : undefined;
}
