import { Failure, Seam } from '@vvp/backstage-plugin-deploy-common';
import { AskedQuestion, Concern } from '../protection/types';
import { ReleaseHistory } from '../rollbacks/ReleaseHistory';
import { KnownEnvironment } from '../targets/TargetEnvironments';
import { OwnDecision } from './joinDecisions';
import { PromotionStore } from './PromotionStore';
import { ReadinessDesk } from './ReadinessDesk';
import { StoredPromotion } from './rows';
import { isOver, WayIn, wayInOf } from './wayIn';

/** Decides about runs that the portal itself started, and where nothing else goes in. */
export class DispatchedRunsDecider {
  readonly #store: Pick<PromotionStore, 'get' | 'commitOf'>;
  readonly #readiness: Pick<ReadinessDesk, 'judge' | 'lockOn'>;
  readonly #history: Pick<ReleaseHistory, 'rememberRelease'>;
  readonly #seamOf: (
    environment: KnownEnvironment,
  ) => Promise<Seam | undefined>;
  readonly #now: () => Date;

  constructor(options: {
    store: Pick<PromotionStore, 'get' | 'commitOf'>;
    readiness: Pick<ReadinessDesk, 'judge' | 'lockOn'>;
    history: Pick<ReleaseHistory, 'rememberRelease'>;
    /** Of the policy; left out, nothing is known of it. */
    seamOf?: (environment: KnownEnvironment) => Promise<Seam | undefined>;
    now: () => Date;
  }) {
    this.#store = options.store;
    this.#readiness = options.readiness;
    this.#history = options.history;
    this.#seamOf = options.seamOf ?? (async () => undefined);
    this.#now = options.now;
  }

  async wayIn(
    question: AskedQuestion,
    concern: Concern,
    environment: KnownEnvironment,
  ): Promise<WayIn> {
    return wayInOf(question, concern, await this.#seamOf(environment));
  }

  /** Undefined where a promotion decides. */
  async decisionOn(
    way: WayIn,
    concern: Concern,
    environment: KnownEnvironment,
  ): Promise<OwnDecision | undefined> {
    const service = environment.entityRef;
    switch (way.by) {
      case 'nobody':
        return { service, decision: way.decision, lines: [way.why] };
      case 'operation': {
        if (way.unless && !(await this.#runsAlready(concern, environment))) {
          return { service, decision: 'reject', lines: [way.unless] };
        }
        // It may have been locked since the operation was admitted. Half of a change is worse than either end.
        const lock = way.isUndoing
          ? undefined
          : await this.#readiness.lockOn(environment, this.#now());
        return lock
          ? {
              service,
              decision: 'wait',
              lines: [`${lock.owner} locked this environment: ${lock.reason}`],
            }
          : {
              service,
              decision: 'approve',
              lines: ['An operation of the portal brings it.'],
            };
      }
      default:
        return undefined;
    }
  }

  /**
   * The promotion that the run was started for, unless that was over before a job asked. One that succeeded is not as
   * long as its operation follows the run: a later job belongs to it.
   */
  async promotionOf({
    dispatch,
    askedAt,
  }: AskedQuestion): Promise<StoredPromotion | undefined> {
    if (typeof dispatch !== 'object' || !dispatch.promotionId) {
      return undefined;
    }
    const { promotionId, environmentId, commit, operationId, status } =
      dispatch;
    const promotion = await this.#store.get(promotionId);
    return promotion &&
      promotion.environment_id === environmentId &&
      (promotion.operation_id ?? operationId) === operationId &&
      (await this.#store.commitOf(promotion.release_id)) === commit &&
      (!promotion.finished_at ||
        askedAt <= promotion.finished_at ||
        (status === 'running' && promotion.status === 'succeeded'))
      ? promotion
      : undefined;
  }

  async #runsAlready(
    { serviceId, commit }: Concern,
    environment: KnownEnvironment,
  ): Promise<boolean> {
    const release = await this.#history.rememberRelease(serviceId, commit);
    const judged =
      release &&
      (await this.#readiness.judge(
        environment,
        { releaseId: release.id, class: 'regular' },
        this.#now(),
      ));
    return judged?.facts.relation === 'same';
  }
}

/** Whether the portal started the run for a promotion: then no other one speaks for it. */
export function isOfPromotion({
  dispatch,
}: Pick<AskedQuestion, 'dispatch'>): boolean {
  return typeof dispatch === 'object' && dispatch.kind === 'promote';
}

/** Whether the portal started the run, and its operation follows it no more. */
export function isOfOver({
  dispatch,
}: Pick<AskedQuestion, 'dispatch'>): boolean {
  return typeof dispatch === 'object' && isOver(dispatch);
}

/** How a promotion fails whose own run was turned away. */
export function turnedAway(why: string | undefined): Failure {
  return {
    message: `The portal turned away the run that it had started. ${
      why ?? 'Why stands at the run at GitHub.'
    }`,
    remedy: 'Mend that, and ask for the promotion again.',
  };
}
