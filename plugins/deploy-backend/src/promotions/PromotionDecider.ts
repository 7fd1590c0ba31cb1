import {
  Condition,
  PromotionStatus,
  Seam,
  undecidedStatuses,
} from '@vvp/backstage-plugin-deploy-common';
import {
  Answer,
  AskedQuestion,
  Concern,
  ElsewhereDecision,
  ProtectionDecider,
  ProtectionDecision,
} from '../protection/types';
import { ReleaseHistory } from '../rollbacks/ReleaseHistory';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../targets/TargetEnvironments';
import { approvedBy, toLine, withdrawn } from './decisionTexts';
import {
  DispatchedRunsDecider,
  isOfOver,
  isOfPromotion,
  turnedAway,
} from './DispatchedRunsDecider';
import { joinDecisions, OwnDecision } from './joinDecisions';
import { PromotionDesk } from './PromotionDesk';
import { PromotionStore } from './PromotionStore';
import { Judged, ReadinessDesk } from './ReadinessDesk';
import { StoredPromotion } from './rows';
import { isOtherRun, speaksFor } from './speaksFor';

/** What may come up between the decision and a later job. */
const hindrances: readonly Condition['kind'][] = [
  'lock',
  'freeze',
  'quarantine',
  'artifact',
];

/** A later job of the same run goes in as the first one did. */
const letThrough: readonly PromotionStatus[] = [
  'executing',
  'verifying',
  'succeeded',
];

/** Decides what GitHub's protection rules ask: each service that waits there has a promotion. */
export class PromotionDecider implements ProtectionDecider {
  readonly #store: PromotionStore;
  readonly #desk: PromotionDesk;
  readonly #readiness: ReadinessDesk;
  readonly #environments: Pick<TargetEnvironments, 'find'>;
  readonly #history: Pick<ReleaseHistory, 'rememberRelease'>;
  readonly #userOfLogin: (login: string) => Promise<string | undefined>;
  readonly #dispatched: DispatchedRunsDecider;
  readonly #now: () => Date;

  constructor(options: {
    store: PromotionStore;
    desk: PromotionDesk;
    readiness: ReadinessDesk;
    environments: Pick<TargetEnvironments, 'find'>;
    history: Pick<ReleaseHistory, 'rememberRelease'>;
    userOfLogin: (login: string) => Promise<string | undefined>;
    /** Of the policy; left out, nothing is known of it. */
    seamOf?: (environment: KnownEnvironment) => Promise<Seam | undefined>;
    now?: () => Date;
  }) {
    this.#store = options.store;
    this.#desk = options.desk;
    this.#readiness = options.readiness;
    this.#environments = options.environments;
    this.#history = options.history;
    this.#userOfLogin = options.userOfLogin;
    this.#now = options.now ?? (() => new Date());
    this.#dispatched = new DispatchedRunsDecider({
      ...options,
      now: this.#now,
    });
  }

  async onAsked(question: AskedQuestion): Promise<void> {
    const by = await this.#nameOf(question.creatorLogin);
    for (const concern of question.concerns) {
      await this.#ask(question, concern, by);
    }
  }

  async decisionOf(question: AskedQuestion): Promise<ProtectionDecision> {
    const decisions: OwnDecision[] = [];
    for (const concern of question.concerns) {
      decisions.push(await this.#decisionOn(question, concern));
    }
    return joinDecisions(decisions);
  }

  /** Whoever cancels is told from now on that it is too late: GitHub may have the answer any moment. */
  async onAnswering(question: AskedQuestion): Promise<boolean> {
    const now = this.#now();
    for (const { id, status, go_ahead_at: told } of await this.promotionsOf(
      question,
    )) {
      if (!letThrough.includes(status)) {
        return false;
      }
      if (status === 'executing' && !told) {
        const result = await this.#store.change(
          id,
          newest =>
            letThrough.includes(newest.status)
              ? { state: newest.state, events: [] }
              : { refusal: { message: 'It was taken back meanwhile.' } },
          { now, columns: { go_ahead_at: now.toISOString() } },
        );
        if ('refusal' in result) {
          return false;
        }
      }
    }
    return true;
  }

  async onAnswered(
    question: AskedQuestion,
    answer: Answer,
    why?: string,
  ): Promise<void> {
    const now = this.#now();
    for (const promotion of await this.promotionsOf(question)) {
      if (answer === 'rejected' && isOfPromotion(question)) {
        if (isOfOver(question)) {
          // What its operation found tells more, and is told next.
          continue;
        }
        await this.#desk.tell(promotion.id, {
          type: 'fail',
          at: now.toISOString(),
          failure: turnedAway(why),
        });
      } else if (answer === 'rejected') {
        // One answer is for all that wait there: what was not decided here has no run any more.
        await this.#desk.tell(promotion.id, {
          type: 'withdraw',
          at: now.toISOString(),
          rejected: false,
          text: 'The run was turned away, since another service that it deploys may not go in.',
        });
      } else if (promotion.status === 'executing' && !promotion.go_ahead_at) {
        await this.#store.change(
          promotion.id,
          ({ state }) => ({ state, events: [] }),
          { now, columns: { go_ahead_at: now.toISOString() } },
        );
      }
    }
  }

  /** Whoever was about to let it in at GitHub did not get that far. */
  async onReviewAwaited(question: AskedQuestion): Promise<void> {
    const at = this.#now().toISOString();
    for (const { id, state } of await this.promotionsOf(question)) {
      if (state.reviewing) {
        await this.#desk.tell(id, { type: 'lapse-review', at });
      }
    }
  }

  async onDecidedElsewhere(
    question: AskedQuestion,
    decision: ElsewhereDecision,
    login?: string,
  ): Promise<void> {
    const by = login && (await this.#nameOf(login));
    const at = this.#now().toISOString();
    const who = login ? `${login} at GitHub` : 'Somebody at GitHub';
    for (const { id, status, state } of await this.promotionsOf(question)) {
      if (decision === 'let-through' && state.reviewing) {
        // The review of an approver: whoever gave it did not hear that it was taken.
        await this.#desk.tell(
          id,
          { type: 'finish-review', at },
          { goAheadAt: at },
        );
        continue;
      }
      if (decision === 'gone' && !undecidedStatuses.includes(status)) {
        // Another job of the run may go on: its deployment tells how it ends.
        continue;
      }
      if (decision === 'let-through') {
        await this.#desk.tell(id, {
          type: 'bypass',
          at,
          ...(by && { by }),
          text: `${who} let the job in without asking the portal.`,
        });
      } else {
        await this.#desk.tell(id, {
          type: 'withdraw',
          at,
          ...(by && { by }),
          rejected: decision === 'rejected',
          text: withdrawn(decision, who),
        });
      }
    }
  }

  async #ask(
    question: AskedQuestion,
    concern: Concern,
    by: string,
  ): Promise<void> {
    const environment = await this.#environments.find({
      id: concern.environmentId,
    });
    const release = await this.#history.rememberRelease(
      concern.serviceId,
      concern.commit,
    );
    if (!environment || !release) {
      return;
    }
    const way = await this.#dispatched.wayIn(question, concern, environment);
    if (way.by !== 'promotion') {
      return;
    }
    const newest = await this.#store.newestOf(environment.id, release.id);
    if (newest && (await speaksFor(this.#store, newest, question))) {
      return;
    }
    if (newest && isOtherRun(newest, question)) {
      // One release, one run: what the other one brings was not approved.
      return;
    }
    await this.#desk.request({
      environment,
      releaseId: release.id,
      class: 'regular',
      by,
      runId: question.runId,
    });
  }

  async #decisionOn(
    question: AskedQuestion,
    concern: Concern,
  ): Promise<OwnDecision> {
    const environment = await this.#environments.find({
      id: concern.environmentId,
    });
    const way =
      environment &&
      (await this.#dispatched.wayIn(question, concern, environment));
    const own =
      way && (await this.#dispatched.decisionOn(way, concern, environment));
    if (own) {
      return own;
    }
    const promotion = await this.#promotionOf(question, concern);
    if (!environment || !promotion) {
      const isOver = way?.by === 'dispatch';
      return {
        service: environment?.entityRef ?? 'A service',
        decision: isOver ? 'reject' : 'wait',
        lines: [
          isOver
            ? 'The promotion that started this run is over.'
            : 'The portal has not looked at it yet, or another run of this release is on its way.',
        ],
      };
    }
    const { id, status } = promotion;
    const base = { service: environment.entityRef, promotionId: id };
    if (promotion.state.bypassed) {
      return {
        ...base,
        decision: status === 'cancelled' ? 'reject' : 'wait',
        lines: [
          'Another job was let in at GitHub without the portal; nobody approved this one here.',
        ],
      };
    }
    if (letThrough.includes(status)) {
      // It may have been locked since: jobs of one run come one after the other.
      const hindrance = await this.#hindranceOf(environment, promotion);
      return hindrance
        ? { ...base, decision: 'wait', lines: [hindrance] }
        : { ...base, decision: 'approve', lines: [approvedBy(promotion)] };
    }
    if (undecidedStatuses.includes(status)) {
      const judged = await this.#judge(environment, promotion);
      return {
        ...base,
        decision: 'wait',
        lines: (judged?.conditions ?? [])
          .filter(({ state }) => state === 'unmet' || state === 'pending')
          .map(toLine),
      };
    }
    return {
      ...base,
      decision: 'reject',
      lines: [`The promotion is ${status.replace('_', ' ')}.`],
    };
  }

  async #judge(
    environment: KnownEnvironment,
    promotion: StoredPromotion,
  ): Promise<Pick<Judged, 'conditions' | 'facts'> | undefined> {
    return this.#readiness.judge(
      environment,
      { releaseId: promotion.release_id, class: promotion.class, promotion },
      this.#now(),
    );
  }

  async #hindranceOf(
    environment: KnownEnvironment,
    promotion: StoredPromotion,
  ): Promise<string | undefined> {
    const judged = await this.#judge(environment, promotion);
    const found = judged?.conditions.find(
      ({ kind, state }) =>
        (hindrances.includes(kind) &&
          (state === 'unmet' || state === 'pending')) ||
        // Nobody knows at this moment whether a newer one went in.
        (kind === 'outdated' && state === 'pending') ||
        // It would be put in again while it is taken out.
        (kind === 'operation' && judged?.facts.running?.kind === 'rollback'),
    );
    if (found) {
      return toLine(found);
    }
    const relation = judged?.facts.relation;
    return judged && relation !== 'older' && relation !== 'unrelated'
      ? undefined
      : 'A newer release went in meanwhile.';
  }

  /** Those that a question waits for. */
  async promotionsOf(question: AskedQuestion): Promise<StoredPromotion[]> {
    if (isOfPromotion(question)) {
      const promotion = await this.#dispatched.promotionOf(question);
      return promotion ? [promotion] : [];
    }
    if (question.concerns.length === 0) {
      // The run ended before anybody knew what it deploys.
      return this.#store.ofRun(question.repository, question.runId);
    }
    const found: StoredPromotion[] = [];
    for (const concern of question.concerns) {
      const promotion = await this.#promotionOf(question, concern);
      if (promotion) {
        found.push(promotion);
      }
    }
    return found;
  }

  async #promotionOf(
    question: AskedQuestion,
    concern: Concern,
  ): Promise<StoredPromotion | undefined> {
    if (isOfPromotion(question)) {
      return this.#dispatched.promotionOf(question);
    }
    const release = await this.#history.rememberRelease(
      concern.serviceId,
      concern.commit,
    );
    const newest =
      release &&
      (await this.#store.newestOf(concern.environmentId, release.id));
    return newest && (await speaksFor(this.#store, newest, question))
      ? newest
      : undefined;
  }

  /** A person of the catalog where their login is known. */
  async #nameOf(login: string | undefined): Promise<string> {
    if (!login) {
      return 'github:unknown';
    }
    // If the catalog does not answer, the question waits: who asks must not be mistaken.
    return (await this.#userOfLogin(login)) ?? `github:${login}`;
  }
}
