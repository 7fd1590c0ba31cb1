import { PromotionEvent, PromotionStatus } from '../../model';

/** What status an event of the history leads to; nothing: it stays. */
const leadsTo: Record<PromotionEvent['type'], PromotionStatus | undefined> = {
  requested: 'gated',
  approved: undefined,
  'approval-lapsed': undefined,
  overridden: undefined,
  gated: 'gated',
  fit: 'awaiting_approval',
  'all-approved': 'approved',
  'let-through': 'executing',
  bypassed: 'executing',
  deployed: 'verifying',
  verified: 'succeeded',
  rejected: 'rejected',
  cancelled: 'cancelled',
  expired: 'expired',
  superseded: 'superseded',
  failed: 'failed',
  'rolled-back': 'rolled_back',
  'canary-started': undefined,
  'canary-paused': undefined,
  'canary-continued': undefined,
  'canary-aborted': undefined,
  'canary-done': undefined,
};

/** The status that a history tells of. */
export function replay(
  events: readonly Pick<PromotionEvent, 'type'>[],
): PromotionStatus | undefined {
  return events.reduce<PromotionStatus | undefined>(
    (status, { type }) => leadsTo[type] ?? status,
    undefined,
  );
}
