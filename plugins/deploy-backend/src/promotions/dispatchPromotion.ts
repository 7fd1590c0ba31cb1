import { createHash } from 'node:crypto';
import { InputError, NotAllowedError } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import { OperationOverride } from '@vvp/backstage-plugin-deploy-common';
import { NewOperation } from '../operations/engine/types';
import { planWorkflowSteps } from '../operations/requests/planSteps';
import { storedOverride } from '../operations/requests/storedOverride';
import { assertAdmitted } from '../operations/requests/toHttpError';
import { AdmissionDesk } from '../restrictions/AdmissionDesk';
import { KnownEnvironment } from '../targets/TargetEnvironments';
import { StoredPromotion } from './rows';

/** Name of the permission that the requester had when they asked. */
const PERMISSION = 'deploy.promote';

/** What ids of conditions about freezes begin with. */
const FREEZE = 'freeze:';

/**
 * Starts the operation that carries a promotion out: it dispatches `workflows.deploy` for the release. The
 * same one is given again when it is asked twice.
 *
 * @throws InputError where deploy.yaml names no such workflow, NotAllowedError where admission refuses.
 */
export async function dispatchPromotion(
  options: {
    desk: Pick<AdmissionDesk, 'ask'>;
    /** The operation that was submitted with a key. */
    earlier: (
      idempotency: NonNullable<NewOperation['idempotency']>,
    ) => Promise<string | undefined>;
    submit: (operation: NewOperation) => Promise<{ id: string }>;
  },
  environment: KnownEnvironment,
  promotion: StoredPromotion,
  commit: string,
): Promise<{ id: string }> {
  const automatic = promotion.requested_by === 'automatic';
  const override = frozenOverride(promotion);
  const key = createHash('sha256')
    .update(`promotion\n${promotion.id}`)
    .digest('hex');
  const idempotency = { key, request: key };
  const admission = await options.desk.ask({
    kind: 'promote',
    automatic,
    permission: { name: PERMISSION, allowed: true },
    environmentId: environment.id,
    releaseId: promotion.release_id,
    promotionClass: promotion.class,
    ...(override && { override: storedOverride(override) }),
  });
  // What admission found under way may be the one that a process started which died, or is faster.
  const earlier = await options.earlier(idempotency);
  if (earlier) {
    return { id: earlier };
  }
  if (environment.untrusted) {
    throw new NotAllowedError(environment.untrusted);
  }
  const call = environment.definition?.workflows?.deploy;
  if (!call?.releaseInput) {
    throw new InputError(
      `deploy.yaml names no workflow that deploys a chosen release of ${environment.entityRef} to ${environment.name}. Add workflows.deploy with releaseInput to this environment of the service.`,
    );
  }
  assertAdmitted(admission);
  return options.submit({
    serviceId: environment.serviceId,
    environmentId: environment.id,
    kind: 'promote',
    lockKey: `environment:${environment.id}`,
    requestedBy: promotion.requested_by,
    automatic,
    ...(promotion.reason && { reason: promotion.reason }),
    to: { commit },
    toReleaseId: promotion.release_id,
    steps: planWorkflowSteps('deploy', call, commit),
    context: {
      repository: environment.repository,
      permission: PERMISSION,
      promotion: promotion.id,
      promotionClass: promotion.class,
      ...(override && { override: override as unknown as JsonObject }),
    },
    idempotency,
  });
}

/** The windows of freezes that were overridden for the promotion do not stop its operation; later ones do. */
export function frozenOverride({
  state,
}: StoredPromotion): OperationOverride | undefined {
  const found = state.overridden.flatMap(({ conditions, reason }) =>
    conditions.flatMap(id =>
      id.startsWith(FREEZE) ? { reason, freeze: id.slice(FREEZE.length) } : [],
    ),
  );
  return found.length > 0
    ? {
        reason: [...new Set(found.map(({ reason }) => reason))].join(' '),
        waived: [
          {
            code: 'freeze',
            message: 'A freeze was overridden.',
            freezes: found.map(({ freeze }) => freeze),
          },
        ],
      }
    : undefined;
}
