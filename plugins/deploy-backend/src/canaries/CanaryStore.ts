import { isDatabaseConflictError } from '@backstage/backend-plugin-api';
import {
  CanaryMoved,
  CanaryPhase,
  CanarySettings,
  CanaryState,
  Failure,
  isCanaryOver,
  newCanary,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { addEvents, lastSequence } from '../promotions/PromotionStore';
import { PromotionRow } from '../promotions/rows';
import { retryDeadlocks } from '../store/retryDeadlocks';

/** How often a change is tried again because somebody else was faster. */
const MAX_TRIES = 20;

/** See the migration for what the columns mean. */
interface CanaryRow {
  promotion_id: string;
  phase: CanaryPhase;
  state: string;
  settings: string;
  version: number;
  created_at: string;
  updated_at: string;
  finished_at?: string | null;
}

/** A canary as it is kept. */
export interface StoredCanary {
  promotionId: string;
  state: CanaryState;
  settings: CanarySettings;
  version: number;
}

/** What came of a change. */
export type CanaryChange =
  | { changed: boolean; canary: StoredCanary }
  | { refusal: Failure };

/**
 * Keeps canaries, and what happens to them in the history of their promotions. Each change is made on the
 * state that it was decided on, or decided anew, so that two replicas never move one twice.
 */
export class CanaryStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async get(promotionId: string): Promise<StoredCanary | undefined> {
    const row = await this.#knex<CanaryRow>('canaries')
      .where({ promotion_id: promotionId })
      .first();
    return row && toStored(row);
  }

  /** The one that is there already stays as it is. */
  async ensure(
    promotionId: string,
    settings: CanarySettings,
    now: Date,
  ): Promise<StoredCanary> {
    const at = now.toISOString();
    const state = newCanary(at);
    await this.#knex<CanaryRow>('canaries')
      .insert({
        promotion_id: promotionId,
        phase: state.phase,
        state: JSON.stringify(state),
        settings: JSON.stringify(settings),
        version: 0,
        created_at: at,
        updated_at: at,
      })
      .onConflict('promotion_id')
      .ignore();
    return (await this.get(promotionId))!;
  }

  /** Ids of promotions that may have a canary under way: on their way, or with one that has no end yet. */
  async promotionsToLookAt(limit: number): Promise<string[]> {
    const rows = await this.#knex<PromotionRow>('promotions')
      .leftJoin('canaries', 'canaries.promotion_id', 'promotions.id')
      .where(query => {
        query
          .where('promotions.status', 'executing')
          .whereNull('canaries.finished_at');
      })
      .orWhere(query => {
        query
          .whereNotNull('canaries.promotion_id')
          .whereNull('canaries.finished_at');
      })
      .orderBy('promotions.created_at')
      .limit(limit)
      .select<{ id: string }[]>('promotions.id as id');
    return rows.map(({ id }) => id);
  }

  /** As `decide` says of the newest state; it may be asked several times. Undefined: there is none. */
  async change(
    promotionId: string,
    decide: (canary: StoredCanary) => CanaryMoved,
    now: Date,
  ): Promise<CanaryChange | undefined> {
    for (let attempt = 1; ; attempt++) {
      const canary = await this.get(promotionId);
      if (!canary) {
        return undefined;
      }
      const move = decide(canary);
      if ('refusal' in move) {
        return move;
      }
      if (
        move.events.length === 0 &&
        JSON.stringify(move.state) === JSON.stringify(canary.state)
      ) {
        return { changed: false, canary };
      }
      if (await this.#write(canary, move, now)) {
        return {
          changed: true,
          canary: {
            ...canary,
            state: move.state,
            version: canary.version + 1,
          },
        };
      }
      if (attempt >= MAX_TRIES) {
        throw new Error(
          `The canary of promotion ${promotionId} could not be changed: others changed it all the time`,
        );
      }
    }
  }

  /** False: somebody was faster. */
  async #write(
    { promotionId, version }: StoredCanary,
    { state, events }: Exclude<CanaryMoved, { refusal: unknown }>,
    now: Date,
  ): Promise<boolean> {
    const at = now.toISOString();
    try {
      return await retryDeadlocks(() =>
        this.#knex.transaction(async tx => {
          const written = await tx<CanaryRow>('canaries')
            .where({ promotion_id: promotionId, version })
            .update({
              phase: state.phase,
              state: JSON.stringify(state),
              version: version + 1,
              updated_at: at,
              finished_at: isCanaryOver(state) ? at : null,
            });
          if (written > 0) {
            const last = await lastSequence(tx, promotionId);
            await addEvents(tx, promotionId, last, events);
          }
          return written > 0;
        }),
      );
    } catch (error) {
      // The promotion got an event of its own at the same moment.
      if (isDatabaseConflictError(error)) {
        return false;
      }
      throw error;
    }
  }
}

function toStored(row: CanaryRow): StoredCanary {
  return {
    promotionId: row.promotion_id,
    state: JSON.parse(row.state),
    settings: JSON.parse(row.settings),
    version: row.version,
  };
}
