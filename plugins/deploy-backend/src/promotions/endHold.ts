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
 * Ends the hold of an environment once another release is in place there that a person promoted. A release that
 * nobody asked for or approved by name does not end it, nor does one that GitHub let in against the portal.
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
  const by = personBehind(promotion);
  if (!by || !inPlace.includes(promotion.status) || promotion.state.bypassed) {
    return;
  }
  const hold = await parts.holds.endBy(
    {
      environmentId: promotion.environment_id,
      releaseId: promotion.release_id,
      askedAt: promotion.created_at,
      by,
    },
    now,
  );
  if (!hold) {
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

/** Who asked for it, if that is a person of the catalog; else who approved it first. */
function personBehind({
  requested_by: requestedBy,
  state,
}: StoredPromotion): string | undefined {
  return requestedBy.startsWith('user:')
    ? requestedBy
    : state.voices.find(({ lapsed }) => !lapsed)?.by;
}
