import { isDatabaseConflictError } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  activeStatuses,
  PromotionEvent,
  PromotionMove,
  PromotionState,
  undecidedStatuses,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { v4 as uuid } from 'uuid';
import { retryDeadlocks } from '../store/retryDeadlocks';
import { DeploymentRow, ReleaseRow } from '../store/rows';
import { PromotionEventRow, PromotionRow, StoredPromotion } from './rows';

/** Of one promotion; what comes after is left out, but for its end. */
const MAX_EVENTS = 1_000;

/** How often a change is tried again because somebody else was faster. */
const MAX_TRIES = 20;

type Event = Omit<PromotionEvent, 'sequence'>;

/** What is given when a promotion is asked for. */
export type NewPromotionRow = Omit<
  PromotionRow,
  | 'id'
  | 'state'
  | 'status'
  | 'version'
  | 'expires_at'
  | 'updated_at'
  | 'created_at'
>;

/** Columns beside the state that a change may set. */
type Columns = Partial<
  Pick<
    PromotionRow,
    'run_id' | 'operation_id' | 'deployment_id' | 'go_ahead_at' | 'due_at'
  >
>;

/** What came of a change. */
export type ChangeResult =
  | { changed: boolean; promotion: StoredPromotion }
  | { refusal: Extract<PromotionMove, { refusal: unknown }>['refusal'] };

/**
 * Keeps promotions. Each change is made on the state that it was decided on, or decided anew: so two
 * replicas, or two approvers at the same moment, come one after the other.
 */
export class PromotionStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * Stores a promotion with its history so far. One of the same release that is under way already is given
   * back in its place.
   */
  async insert(
    promotion: NewPromotionRow,
    start: { state: PromotionState; events: readonly Event[] },
    now: Date,
  ): Promise<{ id: string; created: boolean }> {
    const at = now.toISOString();
    const id = uuid();
    for (let attempt = 1; ; attempt++) {
      const [existing] = await this.#knex<PromotionRow>('promotions')
        .where({
          environment_id: promotion.environment_id,
          release_id: promotion.release_id,
        })
        .whereIn('status', [...activeStatuses])
        .select('id');
      if (existing) {
        return { id: existing.id, created: false };
      }
      try {
        await retryDeadlocks(() =>
          this.#knex.transaction(async tx => {
            await tx<PromotionRow>('promotions').insert({
              ...promotion,
              id,
              status: start.state.status,
              state: JSON.stringify(start.state),
              version: 0,
              created_at: at,
              updated_at: at,
              due_at: at,
              expires_at: start.state.expiresAt,
            });
            await addEvents(tx, id, 0, start.events);
          }),
        );
        return { id, created: true };
      } catch (error) {
        if (!isDatabaseConflictError(error) || attempt >= MAX_TRIES) {
          throw error;
        }
      }
    }
  }

  async get(id: string): Promise<StoredPromotion | undefined> {
    const row = await this.#knex<PromotionRow>('promotions')
      .where({ id })
      .first();
    return row && toStored(row);
  }

  /** By the key of an earlier request. */
  async ofKey(
    key: string,
  ): Promise<{ id: string; request?: string | null } | undefined> {
    const row = await this.#knex<PromotionRow>('promotions')
      .where({ idempotency: key })
      .first('id', 'request_digest');
    return row && { id: row.id, request: row.request_digest };
  }

  /**
   * Changes a promotion as `decide` says of its newest state. `decide` may be asked several times. Throws a
   * NotFoundError for one that is not there.
   */
  async change(
    id: string,
    decide: (
      promotion: StoredPromotion,
    ) => Promise<PromotionMove> | PromotionMove,
    options: { now: Date; columns?: Columns },
  ): Promise<ChangeResult> {
    for (let attempt = 1; ; attempt++) {
      const stored = await this.get(id);
      if (!stored) {
        throw new NotFoundError(`There is no promotion ${id}.`);
      }
      const move = await decide(stored);
      if ('refusal' in move) {
        return move;
      }
      const isNew =
        move.events.length > 0 ||
        JSON.stringify(move.state) !== JSON.stringify(stored.state);
      if (!isNew && !options.columns) {
        return { changed: false, promotion: stored };
      }
      const written = await this.#write(stored, move, options);
      if (written) {
        return { changed: isNew, promotion: written };
      }
      if (attempt >= MAX_TRIES) {
        throw new Error(
          `Promotion ${id} could not be changed: others changed it all the time`,
        );
      }
    }
  }

  async events(id: string): Promise<PromotionEvent[]> {
    const rows = await this.#knex<PromotionEventRow>('promotion_events')
      .where({ promotion_id: id })
      .orderBy('sequence');
    return rows.map(row => ({
      sequence: row.sequence,
      at: row.at,
      ...(row.by && { by: row.by }),
      type: row.type,
      text: row.text,
      ...(row.comment && { comment: row.comment }),
    }));
  }

  /** Those under way in an environment. */
  async activeOf(environmentId: string): Promise<StoredPromotion[]> {
    const rows = await this.#knex<PromotionRow>('promotions')
      .where({ environment_id: environmentId })
      .whereIn('status', [...activeStatuses])
      .orderBy(['created_at', 'id']);
    return rows.map(toStored);
  }

  async commitOf(releaseId: string): Promise<string | undefined> {
    const row = await this.#knex<ReleaseRow>('releases')
      .where({ id: releaseId })
      .first('commit_sha');
    return row?.commit_sha;
  }

  /** The attempt of its run that brought it in; undefined where no job of a run did, or it was taken out again. */
  async attemptOf({
    deployment_id: id,
  }: Pick<StoredPromotion, 'deployment_id'>): Promise<number | undefined> {
    const row = await this.#knex<DeploymentRow>('deployments')
      .where({ id: id ?? '' })
      // The promotion is over by then, and stays what it was.
      .whereNull('rolled_back')
      .first('source');
    const [, attempt] =
      /^github:[^:]+:\d+:(\d+):/.exec(row?.source ?? '') ?? [];
    return attempt === undefined ? undefined : Number(attempt);
  }

  /** The newest of a release in an environment, under way or not. */
  async newestOf(
    environmentId: string,
    releaseId: string,
  ): Promise<StoredPromotion | undefined> {
    const row = await this.#knex<PromotionRow>('promotions')
      .where({ environment_id: environmentId, release_id: releaseId })
      .orderBy([
        { column: 'created_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .first();
    return row && toStored(row);
  }

  /** The run that waits for it, if none does yet. */
  async attachRun(
    id: string,
    run: { runId: string; startedBy: string },
    now: Date,
  ): Promise<void> {
    await this.#knex<PromotionRow>('promotions')
      .where({ id })
      .whereNull('run_id')
      .whereIn('status', [...undecidedStatuses])
      .update({
        run_id: run.runId,
        run_started_by: run.startedBy,
        version: this.#knex.raw('version + 1'),
        updated_at: now.toISOString(),
      });
  }

  /** Those that wait for a run. */
  async ofRun(repository: string, runId: string): Promise<StoredPromotion[]> {
    const rows = await this.#knex<PromotionRow>('promotions')
      .where({ repository, run_id: runId })
      .orderBy(['created_at', 'id']);
    return rows.map(toStored);
  }

  /** Ids of those that are to be looked at: of some services, or due by the clock; the longest due first. */
  async dueOf(options: {
    serviceIds?: readonly string[];
    now: Date;
    limit: number;
  }): Promise<string[]> {
    const query = this.#knex<PromotionRow>('promotions')
      .whereIn('status', [...activeStatuses])
      .orderBy(['due_at', 'id'])
      .limit(options.limit)
      .select('id');
    if (options.serviceIds) {
      query.whereIn('service_id', [...options.serviceIds]);
    } else {
      query.andWhere('due_at', '<=', options.now.toISOString());
    }
    return (await query).map(({ id }) => id);
  }

  /** Ids of those that wait to be let through, for things that concern all of them. */
  async undecided(limit: number): Promise<string[]> {
    const rows = await this.#knex<PromotionRow>('promotions')
      .whereIn('status', [...undecidedStatuses])
      .orderBy(['due_at', 'id'])
      .limit(limit)
      .select('id');
    return rows.map(({ id }) => id);
  }

  /** Whose voice it waits for, if that is not what is kept already. */
  async noteApprovers(id: string, approvers: readonly string[]): Promise<void> {
    const kept = await this.#knex('promotion_approvers')
      .where({ promotion_id: id })
      .select<{ ref: string }[]>('ref');
    const before = kept.map(({ ref }) => ref).sort();
    const after = [...new Set(approvers)].sort();
    if (before.join() !== after.join()) {
      await retryDeadlocks(() =>
        this.#knex.transaction(tx => setApprovers(tx, id, after)),
      );
    }
  }

  /** How the pipeline is held by now, where that is not what it was asked with. */
  async noteSeam(id: string, seam: StoredPromotion['seam']): Promise<void> {
    await this.#knex<PromotionRow>('promotions')
      .where({ id })
      .whereIn('status', [...undecidedStatuses])
      .update({ seam, version: this.#knex.raw('version + 1') });
  }

  /** Without a change of its state: when it is to be looked at again. */
  async postpone(id: string, until: Date): Promise<void> {
    await this.#knex<PromotionRow>('promotions')
      .where({ id })
      .update({ due_at: until.toISOString() });
  }

  async #write(
    stored: StoredPromotion,
    move: { state: PromotionState; events: readonly Event[] },
    options: { now: Date; columns?: Columns },
  ): Promise<StoredPromotion | undefined> {
    const at = options.now.toISOString();
    const { status } = move.state;
    const isOver = !activeStatuses.includes(status);
    const update: Partial<PromotionRow> = {
      ...options.columns,
      status,
      state: JSON.stringify(move.state),
      version: stored.version + 1,
      expires_at: move.state.expiresAt,
      updated_at: at,
      ...(isOver && !stored.finished_at && { finished_at: at }),
    };
    const done = await lostIfConflict(() =>
      this.#knex.transaction(async tx => {
        const changed = await tx<PromotionRow>('promotions')
          .where({ id: stored.id, version: stored.version })
          .update(update);
        if (changed === 0) {
          return false;
        }
        const count = await lastSequence(tx, stored.id);
        await addEvents(tx, stored.id, count, move.events, isOver);
        return true;
      }),
    );
    return done
      ? { ...stored, ...update, state: move.state, version: update.version! }
      : undefined;
  }
}

/** Another promotion may have gone into the environment meanwhile: then it is decided anew. */
async function lostIfConflict(write: () => Promise<boolean>): Promise<boolean> {
  try {
    return await retryDeadlocks(write);
  } catch (error) {
    if (isDatabaseConflictError(error)) {
      return false;
    }
    throw error;
  }
}

/** Of the newest event of a promotion; 0 for none. */
export async function lastSequence(
  tx: Knex.Transaction,
  id: string,
): Promise<number> {
  const last = await tx('promotion_events')
    .where({ promotion_id: id })
    .max<{ last?: number | null }[]>('sequence as last')
    .first();
  return Number((last as { last?: number } | undefined)?.last ?? 0);
}

/** Adds to the history of a promotion, after so many. */
export async function addEvents(
  tx: Knex.Transaction,
  id: string,
  count: number,
  events: readonly Event[],
  isOver = false,
): Promise<void> {
  // What flaps for ever is not told for ever; its end always is.
  const isFull = count + events.length > MAX_EVENTS;
  if (events.length > 0 && !(isFull && !isOver)) {
    await tx<PromotionEventRow>('promotion_events').insert(
      events.map((event, index) => ({
        promotion_id: id,
        sequence: count + index + 1,
        at: event.at,
        by: event.by ?? null,
        type: event.type,
        text: event.text,
        comment: event.comment ?? null,
      })),
    );
  }
}

async function setApprovers(
  tx: Knex.Transaction,
  id: string,
  approvers: readonly string[],
): Promise<void> {
  await tx('promotion_approvers').where({ promotion_id: id }).delete();
  const refs = [...new Set(approvers)];
  // SQLite takes no more than some hundred values in a statement.
  for (let start = 0; start < refs.length; start += 200) {
    await tx('promotion_approvers').insert(
      refs.slice(start, start + 200).map(ref => ({ promotion_id: id, ref })),
    );
  }
}

function toStored(row: PromotionRow): StoredPromotion {
  return { ...row, state: JSON.parse(row.state) };
}
