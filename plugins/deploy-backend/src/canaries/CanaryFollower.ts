import { LoggerService } from '@backstage/backend-plugin-api';
import {
  CanaryInput,
  canarySettingsOf,
  canaryTodo,
  defaultCanarySettings,
  Failure,
  isCanaryOver,
  moveCanary,
  OperationStatus,
  redact,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { findDatabaseError } from '../operations/engine/databaseError';
import { RefusedError } from '../operations/requests/toHttpError';
import { Outcome } from '../promotions/followUp';
import { PromotionStore } from '../promotions/PromotionStore';
import { StoredPromotion } from '../promotions/rows';
import { isMomentary } from '../rollbacks/automatic/isMomentary';
import { KnownRelease, ReleaseHistory } from '../rollbacks/ReleaseHistory';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../targets/TargetEnvironments';
import { CanaryMoves } from './CanaryMoves';
import { CanaryStore, StoredCanary } from './CanaryStore';
import { lookAtCanary } from './lookAtCanary';

/** Longest reason that is kept. */
const MAX_WHY = 1_000;

/** What may be over at the next look. */
const passing = ['lock', 'freeze', 'hold', 'operation-running'];

/** How far the pipeline got. */
type Pipeline = 'not-begun' | 'leads' | 'done' | 'replaced' | 'over';

/** What it takes to follow a canary. */
export interface CanaryFollowerOptions {
  knex: Knex;
  store: CanaryStore;
  promotions: Pick<PromotionStore, 'commitOf'>;
  environments: Pick<TargetEnvironments, 'driven'>;
  history: Pick<ReleaseHistory, 'rememberRelease'>;
  moves: Pick<CanaryMoves, 'begin'>;
  /** What came of a promotion that was let through. */
  outcomeOf: (
    promotion: StoredPromotion,
    known: KnownEnvironment,
  ) => Promise<Outcome>;
  /** What is seen of a canary changed. */
  onChange: (promotion: StoredPromotion) => void;
  logger: LoggerService;
  now: () => Date;
  /** Of a question to a platform. */
  lookMs?: number;
}

/** Looks at one canary at a time, and does what follows. */
export class CanaryFollower {
  readonly #options: CanaryFollowerOptions;

  constructor(options: CanaryFollowerOptions) {
    this.#options = options;
  }

  /** Looks at the canary of a promotion, and gives it as it is then; undefined if there is none yet. */
  async follow(
    promotion: StoredPromotion,
    known: KnownEnvironment,
    found: StoredCanary | undefined,
  ): Promise<StoredCanary | undefined> {
    let canary = found && (await this.#endStep(promotion, found));
    if (canary && isCanaryOver(canary.state)) {
      return canary;
    }
    if (promotion.status !== 'executing') {
      return (
        canary && this.#tell(promotion, canary, overOf(promotion, this.#at()))
      );
    }
    const pipeline = pipelineOf(
      await this.#options.outcomeOf(promotion, known),
    );
    if (pipeline === 'replaced') {
      return this.#tell(
        promotion,
        canary ?? (await this.#ensure(promotion, known)),
        {
          type: 'replaced',
          at: this.#at(),
        },
      );
    }
    const isAborting = canary?.state.phase === 'aborting';
    if (pipeline === 'leads' || pipeline === 'done' || isAborting) {
      canary = await this.#look(promotion, known, canary, pipeline);
    }
    if (!canary || isCanaryOver(canary.state)) {
      return canary;
    }
    return this.#begin(promotion, known, canary);
  }

  /** As deploy.yaml has it now. */
  #ensure(
    promotion: StoredPromotion,
    known: KnownEnvironment,
  ): Promise<StoredCanary> {
    return this.#options.store.ensure(
      promotion.id,
      canarySettingsOf(known.definition?.target) ?? defaultCanarySettings,
      this.#options.now(),
    );
  }

  async #look(
    promotion: StoredPromotion,
    known: KnownEnvironment,
    found: StoredCanary | undefined,
    pipeline: Pipeline,
  ): Promise<StoredCanary | undefined> {
    const canary = found ?? (await this.#ensure(promotion, known));
    const release = await this.#releaseOf(promotion, known);
    const input = await lookAtCanary(
      () => this.#options.environments.driven(known),
      {
        commit: release.commit,
        settings: canary.settings,
        pipelineLeads: pipeline === 'leads',
        now: this.#options.now,
        lookMs: this.#options.lookMs,
      },
    );
    return this.#tell(promotion, canary, input);
  }

  /** What came of the operation that is on its way. */
  async #endStep(
    promotion: StoredPromotion,
    canary: StoredCanary,
  ): Promise<StoredCanary> {
    const operationId = canary.state.step?.operationId;
    if (!operationId) {
      return canary;
    }
    const row = await this.#options
      .knex('operations')
      .where({ id: operationId })
      .first<
        | {
            status: OperationStatus;
            outcome?: string | null;
            failure?: string | null;
            cancel_requested_by?: string | null;
          }
        | undefined
      >('status', 'outcome', 'failure', 'cancel_requested_by');
    const status = row?.status ?? 'failed';
    if (status === 'queued' || status === 'running') {
      return canary;
    }
    const failure: Failure | undefined = row?.failure
      ? JSON.parse(row.failure)
      : undefined;
    return this.#tell(promotion, canary, {
      type: 'ended',
      at: this.#at(),
      operationId,
      status,
      asBefore: row?.outcome !== 'unclear',
      ...(failure && {
        why: [failure.message, failure.remedy].filter(Boolean).join(' '),
      }),
      ...(row?.cancel_requested_by && { by: row.cancel_requested_by }),
    });
  }

  /** Begins what is to be done, or says what it waits for. */
  async #begin(
    promotion: StoredPromotion,
    known: KnownEnvironment,
    canary: StoredCanary,
  ): Promise<StoredCanary> {
    const step = canaryTodo(canary.state);
    if (!step) {
      return canary;
    }
    try {
      const operationId = await this.#options.moves.begin(step, {
        promotion,
        known,
        release: await this.#releaseOf(promotion, known),
        state: canary.state,
        percent: canary.settings.percent,
      });
      return await this.#tell(promotion, canary, {
        type: 'submitted',
        at: this.#at(),
        step,
        operationId,
      });
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      return this.#tell(promotion, canary, {
        type: mayPass(failure) ? 'waits' : 'refused',
        at: this.#at(),
        step,
        why: causeOf(failure),
      });
    }
  }

  async #tell(
    promotion: StoredPromotion,
    canary: StoredCanary,
    input: CanaryInput,
  ): Promise<StoredCanary> {
    const before = canary.state.phase;
    const result = await this.#options.store.change(
      promotion.id,
      ({ state, settings }) => moveCanary(state, input, settings),
      this.#options.now(),
    );
    if (!result || 'refusal' in result) {
      return canary;
    }
    if (result.changed) {
      const after = result.canary.state.phase;
      if (after !== before) {
        this.#options.logger.info('Canary moved', {
          promotion: promotion.id,
          from: before,
          to: after,
        });
      }
      this.#options.onChange(promotion);
    }
    return result.canary;
  }

  async #releaseOf(
    promotion: StoredPromotion,
    known: KnownEnvironment,
  ): Promise<KnownRelease> {
    const commit = await this.#options.promotions.commitOf(
      promotion.release_id,
    );
    const release =
      commit &&
      (await this.#options.history.rememberRelease(known.serviceId, commit));
    if (!release) {
      throw new Error(`Release ${promotion.release_id} is no longer known`);
    }
    return release;
  }

  #at(): string {
    return this.#options.now().toISOString();
  }
}

function pipelineOf({ deployment, operation }: Outcome): Pipeline {
  switch (deployment?.status) {
    case 'in_progress':
      return 'leads';
    case 'succeeded':
      return 'done';
    case 'superseded':
      return 'replaced';
    case undefined:
      return operation?.status === 'succeeded' ? 'done' : 'not-begun';
    case 'queued':
    case 'waiting':
      return 'not-begun';
    default:
      return 'over';
  }
}

function overOf({ status }: StoredPromotion, at: string): CanaryInput {
  return {
    type: 'over',
    at,
    rolledBack: status === 'rolled_back',
    text: `The promotion ended: it is ${status.replace('_', ' ')}.`,
  };
}

function mayPass(error: Error): boolean {
  return (
    isMomentary(error) ||
    (error instanceof RefusedError &&
      error.refusals.every(({ code }) => passing.includes(code)))
  );
}

/** What a database says holds the statement. */
function causeOf(error: Error): string {
  return findDatabaseError(error)
    ? 'The database or a connection did not do its part.'
    : redact(error.message).slice(0, MAX_WHY);
}
