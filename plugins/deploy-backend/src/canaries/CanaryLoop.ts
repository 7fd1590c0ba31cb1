import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
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
import { CanaryStanding, canaryStanding } from './canaryStanding';
import { CanaryStore, StoredCanary } from './CanaryStore';
import { lookAtCanary } from './lookAtCanary';

/** How many one pass looks at. */
const BATCH = 200;

/** A pass waits no longer for platforms that are slow; they go on, and nobody waits for them. */
const PASS_MS = 9_000;

/** Longest reason that is kept. */
const MAX_WHY = 1_000;

/** What may be over at the next look. */
const passing = ['lock', 'freeze', 'hold', 'operation-running'];

/** How far the pipeline got. */
type Pipeline = 'not-begun' | 'leads' | 'done' | 'replaced' | 'over';

/** Looks at canaries, and does what follows. Any number of replicas may do so at once. */
export class CanaryLoop {
  readonly #knex: Knex;
  readonly #store: CanaryStore;
  readonly #promotions: Pick<PromotionStore, 'get' | 'commitOf'>;
  readonly #environments: Pick<
    TargetEnvironments,
    'find' | 'driven' | 'isDriven'
  >;
  readonly #history: Pick<ReleaseHistory, 'rememberRelease'>;
  readonly #moves: Pick<CanaryMoves, 'begin'>;
  readonly #outcomeOf: (
    promotion: StoredPromotion,
    known: KnownEnvironment,
  ) => Promise<Outcome>;
  readonly #onChange: (promotion: StoredPromotion) => void;
  #onOver: (promotionId: string) => Promise<void> = async () => {};
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #limits: { passMs: number; lookMs?: number };
  readonly #turns = new Map<string, Promise<void>>();
  readonly #again = new Set<string>();
  #stopped = false;

  constructor(options: {
    knex: Knex;
    store: CanaryStore;
    promotions: Pick<PromotionStore, 'get' | 'commitOf'>;
    environments: Pick<TargetEnvironments, 'find' | 'driven' | 'isDriven'>;
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
    now?: () => Date;
    /** Of a pass, and of a question to a platform. */
    limits?: { passMs?: number; lookMs?: number };
  }) {
    this.#knex = options.knex;
    this.#store = options.store;
    this.#promotions = options.promotions;
    this.#environments = options.environments;
    this.#history = options.history;
    this.#moves = options.moves;
    this.#outcomeOf = options.outcomeOf;
    this.#onChange = options.onChange;
    this.#logger = options.logger;
    this.#now = options.now ?? (() => new Date());
    this.#limits = { passMs: PASS_MS, ...options.limits };
  }

  /** Has somebody told of canaries that are over: their promotions can go on. */
  whenOver(listener: (promotionId: string) => Promise<void>): void {
    this.#onOver = listener;
  }

  /** Looks at all that may be under way, side by side; for the schedule. */
  async run(signal: AbortSignal): Promise<void> {
    const ids = await this.#store.promotionsToLookAt(BATCH);
    if (signal.aborted) {
      return;
    }
    const turns = ids.map(id => this.#turns.get(id) ?? this.#start(id));
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>(resolve => {
      timer = setTimeout(resolve, this.#limits.passMs);
    });
    await Promise.race([Promise.all(turns), limit]);
    clearTimeout(timer);
  }

  /** Looks at one now. Nobody has to wait for what follows. */
  wake(promotionId: string): void {
    if (this.#turns.has(promotionId)) {
      this.#again.add(promotionId);
    } else {
      this.#start(promotionId);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#turns.values());
  }

  /** What the canary of a promotion on its way means to it. */
  async standingOf(
    promotion: StoredPromotion,
    known: KnownEnvironment,
  ): Promise<CanaryStanding> {
    const canary = await this.#store.get(promotion.id);
    if (canary) {
      return canaryStanding(canary.state);
    }
    return promotion.status === 'executing' && this.doesCanaries(known)
      ? { state: 'open' }
      : { state: 'none' };
  }

  /** Whether releases get a part of the traffic first there, and the portal can see and move it. */
  doesCanaries(known: KnownEnvironment): boolean {
    return (
      canarySettingsOf(known.definition?.target) !== undefined &&
      this.#environments.isDriven(known) &&
      this.#environments.driven(known).target.canary !== undefined
    );
  }

  #start(promotionId: string): Promise<void> {
    if (this.#stopped) {
      return Promise.resolve();
    }
    const turn = this.#turn(promotionId)
      .catch(error => {
        this.#logger.error('A canary could not be looked at', {
          promotion: promotionId,
          cause: stringifyError(error),
        });
      })
      .finally(() => {
        this.#turns.delete(promotionId);
        if (this.#again.delete(promotionId)) {
          this.wake(promotionId);
        }
      });
    this.#turns.set(promotionId, turn);
    return turn;
  }

  async #turn(promotionId: string): Promise<void> {
    const promotion = await this.#promotions.get(promotionId);
    const known =
      promotion &&
      (await this.#environments.find({ id: promotion.environment_id }));
    if (!promotion || !known) {
      // Its promotion ends when the next look finds that the environment is gone.
      return;
    }
    const found = await this.#store.get(promotionId);
    if (found ? isCanaryOver(found.state) : !this.doesCanaries(known)) {
      return;
    }
    const canary = await this.#follow(promotion, known, found);
    if (canary && isCanaryOver(canary.state)) {
      await this.#onOver(promotionId);
    }
  }

  /** The canary as it is then. */
  async #follow(
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
    const pipeline = pipelineOf(await this.#outcomeOf(promotion, known));
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
    return this.#store.ensure(
      promotion.id,
      canarySettingsOf(known.definition?.target) ?? defaultCanarySettings,
      this.#now(),
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
    const input = await lookAtCanary(() => this.#environments.driven(known), {
      commit: release.commit,
      settings: canary.settings,
      pipelineLeads: pipeline === 'leads',
      now: this.#now,
      lookMs: this.#limits.lookMs,
    });
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
    const row = await this.#knex('operations').where({ id: operationId }).first<
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
      const operationId = await this.#moves.begin(step, {
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
    const result = await this.#store.change(
      promotion.id,
      ({ state, settings }) => moveCanary(state, input, settings),
      this.#now(),
    );
    if (!result || 'refusal' in result) {
      return canary;
    }
    if (result.changed) {
      const after = result.canary.state.phase;
      if (after !== before) {
        this.#logger.info('Canary moved', {
          promotion: promotion.id,
          from: before,
          to: after,
        });
      }
      this.#onChange(promotion);
    }
    return result.canary;
  }

  async #releaseOf(
    promotion: StoredPromotion,
    known: KnownEnvironment,
  ): Promise<KnownRelease> {
    const commit = await this.#promotions.commitOf(promotion.release_id);
    const release =
      commit && (await this.#history.rememberRelease(known.serviceId, commit));
    if (!release) {
      throw new Error(`Release ${promotion.release_id} is no longer known`);
    }
    return release;
  }

  #at(): string {
    return this.#now().toISOString();
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
