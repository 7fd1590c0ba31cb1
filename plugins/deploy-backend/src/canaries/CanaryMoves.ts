import { createHash } from 'node:crypto';
import { AuditorService, LoggerService } from '@backstage/backend-plugin-api';
import { ConflictError, InputError, stringifyError } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import { CanaryState, CanaryStep } from '@vvp/backstage-plugin-deploy-common';
import { CanaryMove } from '@vvp/backstage-plugin-deploy-node';
import { NewOperation } from '../operations/engine/types';
import { askPlatform } from '../operations/requests/askPlatform';
import { OperationRequests } from '../operations/requests/OperationRequests';
import { planCanarySteps } from '../operations/requests/planSteps';
import { storedOverride } from '../operations/requests/storedOverride';
import { assertAdmitted } from '../operations/requests/toHttpError';
import { frozenOverride } from '../promotions/dispatchPromotion';
import { StoredPromotion } from '../promotions/rows';
import { AdmissionDesk } from '../restrictions/AdmissionDesk';
import { auditAutomaticRollback } from '../rollbacks/automatic/auditAutomaticRollback';
import { KnownRelease } from '../rollbacks/ReleaseHistory';
import { audited } from '../router/audited';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../targets/TargetEnvironments';
import { rollbackConfirmation } from '../verification/rollbackConfirmation';

/** Names of the permissions that moving needs, forward and back. */
const PROMOTE = 'deploy.promote';
const ROLL_BACK = 'deploy.rollback';

const reasons: Record<CanaryMove, string> = {
  start: 'Canary: the release gets its share of the traffic.',
  pause: 'Canary: the platform stands still.',
  finish: 'Canary: the release gets all of the traffic.',
};

/** A canary with a step that is to be begun. */
export interface CanaryToMove {
  promotion: StoredPromotion;
  known: KnownEnvironment;
  release: KnownRelease;
  state: CanaryState;
  /** Share of the traffic that it gets first. */
  percent: number;
}

/** Begins the operations that move the traffic of canaries. Asked again for the same step, it begins no other. */
export class CanaryMoves {
  readonly #environments: TargetEnvironments;
  readonly #desk: Pick<AdmissionDesk, 'ask'>;
  readonly #requests: Pick<OperationRequests, 'rollBack'>;
  readonly #findRepeated: (
    idempotency: NonNullable<NewOperation['idempotency']>,
  ) => Promise<string | undefined>;
  readonly #submit: (operation: NewOperation) => Promise<{ id: string }>;
  readonly #cancel: (operationId: string, by: string) => Promise<void>;
  readonly #auditor: AuditorService;
  readonly #logger: LoggerService;

  constructor(options: {
    environments: TargetEnvironments;
    desk: Pick<AdmissionDesk, 'ask'>;
    requests: Pick<OperationRequests, 'rollBack'>;
    /** The operation of an earlier request with the same key. */
    findRepeated: (
      idempotency: NonNullable<NewOperation['idempotency']>,
    ) => Promise<string | undefined>;
    submit: (operation: NewOperation) => Promise<{ id: string }>;
    /** Stops an operation that is under way. */
    cancel: (operationId: string, by: string) => Promise<void>;
    auditor: AuditorService;
    logger: LoggerService;
  }) {
    this.#environments = options.environments;
    this.#desk = options.desk;
    this.#requests = options.requests;
    this.#findRepeated = options.findRepeated;
    this.#submit = options.submit;
    this.#cancel = options.cancel;
    this.#auditor = options.auditor;
    this.#logger = options.logger;
  }

  /** @returns id of the operation. Throws what stands in its way. */
  async begin(kind: CanaryStep, canary: CanaryToMove): Promise<string> {
    const idempotency = keyOf(canary);
    const repeated = await this.#findRepeated(idempotency);
    if (repeated) {
      return repeated;
    }
    return kind === 'abort'
      ? this.#abort(canary, idempotency)
      : this.#move(kind, canary, idempotency);
  }

  async #move(
    move: CanaryMove,
    { promotion, known, release, state, percent }: CanaryToMove,
    idempotency: NonNullable<NewOperation['idempotency']>,
  ): Promise<string> {
    const { target, environment } = this.#environments.driven(known);
    const revision = state.revision!;
    const by = state.step?.by;
    // What somebody promoted goes on in their name; a hold stops what nobody asked for.
    const automatic =
      by === undefined && promotion.requested_by === 'automatic';
    const override = frozenOverride(promotion);
    assertAdmitted(
      await this.#desk.ask({
        kind: 'canary',
        automatic,
        permission: { name: PROMOTE, allowed: true },
        environmentId: known.id,
        releaseId: release.id,
        revision: { revision },
        promotionClass: promotion.class,
        ...(override && {
          override: storedOverride(override),
        }),
      }),
    );
    const { canary } = target;
    if (!canary) {
      throw new ConflictError(
        `A ${target.type} does no canaries. Look at "strategy" of the target in deploy.yaml.`,
      );
    }
    const plan = await askPlatform({ target, environment }, signal =>
      canary.planMove(environment, { revision, move, percent }, signal),
    );
    const { id } = await this.#submit({
      serviceId: known.serviceId,
      environmentId: known.id,
      kind: 'canary',
      lockKey: target.describe(environment).lockKey,
      requestedBy: by ?? 'automatic',
      automatic,
      reason: reasons[move],
      ...(state.stable && { from: { revision: state.stable } }),
      to: {
        revision,
        commit: release.commit,
        ...(release.version && { version: release.version }),
      },
      toReleaseId: release.id,
      steps: planCanarySteps(plan, move, revision, known.definition),
      context: {
        repository: known.repository,
        permission: PROMOTE,
        promotion: promotion.id,
        promotionClass: promotion.class,
        canary: move,
        environment: environment as unknown as JsonObject,
        ...(override && { override: override as unknown as JsonObject }),
      },
      idempotency,
    });
    if (by === undefined) {
      await this.#audit(promotion, () =>
        audited(
          this.#auditor,
          {
            eventId: 'canary-move',
            meta: { ...about(promotion, known), move, revision },
          },
          async () => ({ answer: undefined, meta: { operation: id } }),
        ),
      );
    }
    return id;
  }

  /** The rollback that people know: with its reason, its quarantine and its hold. */
  async #abort(
    { promotion, known, release, state }: CanaryToMove,
    idempotency: NonNullable<NewOperation['idempotency']>,
  ): Promise<string> {
    const { stable, ending } = state;
    if (!stable) {
      throw new InputError(
        'Nothing is known to have had the rest of the traffic. Roll back to a revision that worked.',
      );
    }
    const by = ending?.by;
    if (state.operationId) {
      // What moves it forward stops first.
      await this.#cancel(state.operationId, by ?? 'automatic');
    }
    const reason = by
      ? ending?.why ?? ''
      : `Automatic abort of the canary. ${ending?.why ?? ''}`.trim();
    const { id } = await this.#requests.rollBack(
      known,
      {
        revision: stable,
        reason,
        confirm: rollbackConfirmation(known.tier, known.serviceName),
        takenOut: release,
        endsCanary: true,
      },
      {
        by: by ?? 'automatic',
        automatic: by === undefined,
        permission: { name: ROLL_BACK, allowed: true },
      },
      idempotency,
    );
    if (by === undefined) {
      await this.#audit(promotion, () =>
        auditAutomaticRollback(
          this.#auditor,
          { ...about(promotion, known), reason, revision: stable },
          { operation: id },
        ),
      );
    }
    return id;
  }

  /** It runs, whatever becomes of its audit. */
  async #audit(
    { id }: StoredPromotion,
    write: () => Promise<void>,
  ): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.#logger.error('A move of a canary could not be audited', {
        promotion: id,
        cause: stringifyError(error),
      });
    }
  }
}

/** One for each try of each step. */
function keyOf({
  promotion,
  state,
}: CanaryToMove): NonNullable<NewOperation['idempotency']> {
  const key = createHash('sha256')
    .update(`canary\n${promotion.id}\n${state.step?.number}`)
    .digest('hex');
  return { key, request: key };
}

function about(
  promotion: StoredPromotion,
  known: KnownEnvironment,
): JsonObject {
  return {
    entityRef: known.entityRef,
    environment: known.name,
    promotion: promotion.id,
  };
}
