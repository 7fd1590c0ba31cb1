import { AuditorService, LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { PromotionStatus } from '@vvp/backstage-plugin-deploy-common';
import { HoldStore } from '../restrictions/HoldStore';
import { audited } from '../router/audited';
import { TargetEnvironments } from '../targets/TargetEnvironments';
import { StoredPromotion } from './rows';

/** Those in which the release is in place. */
const inPlace: readonly PromotionStatus[] = ['verifying', 'succeeded'];

/**
 * Ends the hold of an environment once another release is in place there that a person asked for or approved after
 * the hold was set. A release that was only pushed does not end it, nor does one that GitHub let in against the portal.
 */
export async function endHold(
  parts: {
    holds: Pick<HoldStore, 'endBy'>;
    environments: Pick<TargetEnvironments, 'find'>;
    auditor: AuditorService;
    logger: LoggerService;
  },
  promotion: StoredPromotion,
  now: Date = new Date(),
): Promise<void> {
  if (!inPlace.includes(promotion.status) || promotion.state.bypassed) {
    return;
  }
  const by = await endedBy(parts.holds, promotion, now);
  if (!by) {
    return;
  }
  const known = await parts.environments.find({ id: promotion.environment_id });
  try {
    await audited(
      parts.auditor,
      {
        eventId: 'hold-lift',
        meta: {
          promotion: promotion.id,
          requestedBy: by,
          environment: known?.name ?? promotion.environment_id,
          ...(known && { entityRef: known.entityRef }),
        },
      },
      async () => ({ answer: undefined }),
    );
  } catch (error) {
    // It is over, whatever becomes of its audit.
    parts.logger.error('The end of a hold could not be audited', {
      promotion: promotion.id,
      cause: stringifyError(error),
    });
  }
}

/** Who ended it: the first who asked or approved after it was set. */
async function endedBy(
  holds: Pick<HoldStore, 'endBy'>,
  promotion: StoredPromotion,
  now: Date,
): Promise<string | undefined> {
  const { environment_id: environmentId, release_id: releaseId } = promotion;
  for (const { by, at } of peopleBehind(promotion)) {
    if (await holds.endBy({ environmentId, releaseId, at, by }, now)) {
      return by;
    }
  }
  return undefined;
}

/** Who asked for it, if that is a person of the catalog, and who approved it; in that order, and when. */
function peopleBehind({
  requested_by: requestedBy,
  run_started_by: startedBy,
  created_at: createdAt,
  state,
}: StoredPromotion): { by: string; at: string }[] {
  // A run asks in the name of who pushed, who asked for nothing here.
  const asked = requestedBy.startsWith('user:') && requestedBy !== startedBy;
  return [
    ...(asked ? [{ by: requestedBy, at: createdAt }] : []),
    ...state.voices.filter(({ lapsed }) => !lapsed),
  ];
}
