import { AuditorService, LoggerService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import { Knex } from 'knex';
import { OperationParts } from '../operations/assembleOperations';
import { findRepeated } from '../operations/requests/findRepeated';
import { Outcome } from '../promotions/followUp';
import { PromotionStore } from '../promotions/PromotionStore';
import { StoredPromotion } from '../promotions/rows';
import { KnownEnvironment } from '../targets/TargetEnvironments';
import { rollbackConfirmation } from '../verification/rollbackConfirmation';
import { CanaryDesk } from './CanaryDesk';
import { CanaryLoop } from './CanaryLoop';
import { CanaryMoves } from './CanaryMoves';
import { CanaryStore } from './CanaryStore';

/** What watches the canaries of promotions and moves them, put together. */
export function assembleCanaries(options: {
  knex: Knex;
  operations: OperationParts;
  promotions: PromotionStore;
  /** What came of a promotion that was let through. */
  outcomeOf: (
    promotion: StoredPromotion,
    known: KnownEnvironment,
  ) => Promise<Outcome>;
  auditor: AuditorService;
  logger: LoggerService;
  /** What is seen of a canary changed. */
  onChange: (promotion: StoredPromotion) => void;
}) {
  const { knex, operations, promotions } = options;
  const { environments, engine } = operations;
  const store = new CanaryStore(knex);
  const loop = new CanaryLoop({
    ...options,
    store,
    environments,
    history: operations.history,
    moves: new CanaryMoves({
      ...options,
      environments,
      desk: operations.desk,
      requests: operations.requests,
      findRepeated: idempotency => findRepeated(knex, idempotency),
      submit: operation => engine.submit(operation),
      cancel: async (id, by) => {
        try {
          await engine.requestCancel(id, by);
        } catch (error) {
          // It is over, or being undone already.
          if (
            !isError(error) ||
            !['ConflictError', 'NotFoundError'].includes(error.name)
          ) {
            throw error;
          }
        }
      },
    }),
  });
  const desk = new CanaryDesk({
    store,
    confirmationOf: async promotionId => {
      const promotion = await promotions.get(promotionId);
      const known =
        promotion &&
        (await environments.find({ id: promotion.environment_id }));
      return known && rollbackConfirmation(known.tier, known.serviceName);
    },
    onMoved: async promotionId => {
      const promotion = await promotions.get(promotionId);
      if (promotion) {
        options.onChange(promotion);
        loop.wake(promotionId);
      }
    },
  });
  return { desk, loop };
}
