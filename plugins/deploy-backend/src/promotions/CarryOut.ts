import { Failure, OperationStatus } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { FRESH_MS } from '../rollbacks/automatic/watchPolicy';
import { DeploymentRow, DeploymentWatchRow, TraceRow } from '../store/rows';
import { KnownEnvironment } from '../targets/TargetEnvironments';
import { DispatchedRunRow } from '../workflows/dispatchedRunRow';
import { Outcome } from './followUp';
import { GoAhead } from './PromotionProgress';
import { PromotionStore } from './PromotionStore';
import { StoredPromotion } from './rows';

/** A watch over a fresh deployment begins within so long, or not at all. */
const WATCH_BEGINS_MS = 2 * 60_000;

/** Carries out promotions by the seam of their environment, and tells what came of it. */
export class CarryOut implements GoAhead {
  readonly #knex: Knex;
  readonly #store: Pick<PromotionStore, 'commitOf'>;
  readonly #dispatch: (
    environment: KnownEnvironment,
    promotion: StoredPromotion,
    commit: string,
  ) => Promise<{ id: string }>;
  readonly #wakeAnswers: () => void;
  readonly #isWatched: (environment: KnownEnvironment) => boolean;
  readonly #now: () => Date;

  constructor(options: {
    knex: Knex;
    store: Pick<PromotionStore, 'commitOf'>;
    /** Starts the operation that dispatches the workflow; the same one when asked again. */
    dispatch: (
      environment: KnownEnvironment,
      promotion: StoredPromotion,
      commit: string,
    ) => Promise<{ id: string }>;
    /** Has what GitHub asks looked at. */
    wakeAnswers: () => void;
    /** Whether fresh deployments there are watched. */
    isWatched: (environment: KnownEnvironment) => boolean;
    now?: () => Date;
  }) {
    this.#knex = options.knex;
    this.#store = options.store;
    this.#dispatch = options.dispatch;
    this.#wakeAnswers = options.wakeAnswers;
    this.#isWatched = options.isWatched;
    this.#now = options.now ?? (() => new Date());
  }

  async start(
    promotion: StoredPromotion,
    environment: KnownEnvironment,
  ): Promise<{ told: boolean; operationId?: string }> {
    if (promotion.seam !== 'dispatch') {
      // The answer is given where GitHub's questions are kept, and noted there.
      this.#wakeAnswers();
      return { told: false };
    }
    const commit = await this.#store.commitOf(promotion.release_id);
    if (!commit) {
      throw new Error(`Release ${promotion.release_id} has no commit`);
    }
    const { id } = await this.#dispatch(environment, promotion, commit);
    return { told: true, operationId: id };
  }

  async outcomeOf(
    promotion: StoredPromotion,
    environment: KnownEnvironment,
  ): Promise<Outcome & { deploymentId?: string; runId?: string }> {
    const deployment = await this.#deployment(promotion);
    const [operation, started, watch, run, canary] = await Promise.all([
      promotion.operation_id
        ? this.#knex('operations')
            .where({ id: promotion.operation_id })
            .first<
              { status: OperationStatus; failure?: string | null } | undefined
            >('status', 'failure')
        : undefined,
      this.#runsOf(promotion).first('run_id', 'conclusion'),
      deployment
        ? this.#knex<DeploymentWatchRow>('deployment_watches')
            .where({ deployment_id: deployment.id })
            .first()
        : undefined,
      promotion.run_id
        ? this.#knex<TraceRow>('traces')
            .where({
              run_id: promotion.run_id,
              repository: promotion.repository,
            })
            .first('completed_at')
        : undefined,
      this.#knex('canaries')
        .where({ promotion_id: promotion.id, phase: 'done' })
        .first<{ phase: string } | undefined>('phase'),
    ]);
    const rolledBack = deployment?.rolled_back
      ? JSON.parse(deployment.rolled_back)
      : undefined;
    const failure: Failure | undefined = operation?.failure
      ? JSON.parse(operation.failure)
      : undefined;
    return {
      ...(deployment && {
        deploymentId: deployment.id,
        deployment: {
          status: deployment.status,
          ...(deployment.url && { url: deployment.url }),
          ...(rolledBack && { rolledBack }),
        },
      }),
      ...(run?.completed_at && { runEndedAt: run.completed_at }),
      ...(operation && {
        operation: {
          status: operation.status,
          ...(failure && { failure }),
          ...(started?.conclusion === 'cancelled' && { runCancelled: true }),
        },
      }),
      ...(started && { runId: started.run_id }),
      ...(watch && {
        watch: { state: watch.state, ...(watch.note && { note: watch.note }) },
      }),
      ...(!watch &&
        deployment &&
        (canary || this.#isFresh(deployment)) &&
        this.#isAboutToBeWatched(deployment, promotion, environment) && {
          watch: { state: 'watching' },
        }),
    };
  }

  /** What is heard of long after it ended is watched by nobody, unless its canary came between. */
  #isFresh({ finished_at: finishedAt }: DeploymentRow): boolean {
    return this.#now().getTime() - Date.parse(finishedAt ?? '') < FRESH_MS;
  }

  /** Fresh, where somebody is to watch: the watch begins a moment later. */
  #isAboutToBeWatched(
    { source, finished_at: finishedAt }: DeploymentRow,
    { status, state }: StoredPromotion,
    environment: KnownEnvironment,
  ): boolean {
    // Its deployment may have ended long before: a canary came between, or the news of it was late.
    const inPlaceAt = status === 'verifying' ? state.decided?.at : undefined;
    return Boolean(
      finishedAt &&
        !source.startsWith('operation:') &&
        this.#now().getTime() - Date.parse(inPlaceAt ?? finishedAt) <
          WATCH_BEGINS_MS &&
        this.#isWatched(environment),
    );
  }

  /** Those that its operation dispatched. */
  #runsOf({ repository, operation_id: operationId }: StoredPromotion) {
    return this.#knex<DispatchedRunRow>('dispatched_runs').where({
      repository,
      operation_id: operationId ?? '',
    });
  }

  /** Of the run that waited for the promotion or was dispatched for it, else the newest since it was asked for. */
  async #deployment(
    promotion: StoredPromotion,
  ): Promise<DeploymentRow | undefined> {
    const query = this.#knex<DeploymentRow>('deployments')
      .where({
        environment_id: promotion.environment_id,
        release_id: promotion.release_id,
      })
      .orderBy([
        { column: 'created_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ]);
    if (promotion.status === 'verifying') {
      // Another job of its run may wait or have failed by now: what is looked at is what is in place.
      query.whereIn('status', ['succeeded', 'superseded', 'rolled_back']);
    }
    if (promotion.run_id) {
      query.andWhere({ run_id: promotion.run_id });
    } else if (promotion.operation_id) {
      // GitHub has a clock of its own.
      query.whereIn('run_id', this.#runsOf(promotion).select('run_id'));
    } else {
      query.andWhere('created_at', '>=', promotion.created_at);
    }
    return query.first();
  }
}
