import {
  activeStatuses,
  PromotionEvent,
  PromotionStatus,
  undecidedStatuses,
} from '../../model';
import { judgeReadiness } from '../../readiness';
import { movePromotion } from '../movePromotion';
import { newPromotion } from '../newPromotion';
import { planSupersede } from '../planSupersede';
import { PromotionInput, PromotionState } from '../types';
import { Action, change, mend } from './actions';
import { expectedStatus, Ledger, mayCount, pictureOf } from './oracle';
import { replay } from './replay';
import { factsOf, requester, timeOf, World } from './world';

type NewEvent = Omit<PromotionEvent, 'sequence'>;

const by = 'user:default/boss';

/** Where promotions have been. */
export class Tally {
  readonly statuses = new Set<PromotionStatus>();
  readonly events = new Set<PromotionEvent['type']>();
  refusals = 0;
}

/** `expect` would take most of the time here. */
function same<T>(actual: T, expected: T) {
  const [is, should] = [actual, expected].map(each => JSON.stringify(each));
  if (is !== should) {
    throw new Error(`It is ${is}, and should be ${should}.`);
  }
}

/** Drives one promotion, and compares it with what the oracle says. */
export class PromotionRun {
  state: PromotionState;
  events: NewEvent[];
  ledger: Ledger = { voices: new Map(), letPass: new Set() };
  #last?: PromotionInput;

  constructor(readonly world: World, readonly tally = new Tally()) {
    const { state, events } = newPromotion({
      at: timeOf(world.minute),
      by: requester,
      policy: world.policy,
    });
    this.state = state;
    this.events = events;
  }

  get seen() {
    return judgeReadiness(factsOf(this.world, this.state)).standing.seen;
  }

  get isUndecided() {
    return undecidedStatuses.includes(this.state.status);
  }

  get isOver() {
    return timeOf(this.world.minute) >= this.state.expiresAt;
  }

  /** @returns whether it was accepted */
  send(input: PromotionInput): boolean {
    const before = this.state;
    const frozen = JSON.stringify(before);
    const move = movePromotion(before, input);
    same(JSON.stringify(before) === frozen, true);
    this.#last = input;
    if ('refusal' in move) {
      this.tally.refusals += 1;
      same(move.refusal.message.at(-1), '.');
      return false;
    }

    this.state = move.state;
    this.events.push(...move.events);
    move.events.forEach(({ type }) => this.tally.events.add(type));
    this.tally.statuses.add(this.state.status);
    if (move.events.length === 0) {
      same(move.state === before, true);
    }
    same(replay(this.events), this.state.status);
    this.#checkEnd(before.status);
    this.#checkLetThrough(input, before.status);
    return true;
  }

  /** A terminal status stays, but what succeeded may be rolled back. */
  #checkEnd(before: PromotionStatus) {
    if (before === 'succeeded') {
      same(['succeeded', 'rolled_back'].includes(this.state.status), true);
    } else if (!activeStatuses.includes(before)) {
      same(this.state.status, before);
    }
  }

  /** Only a look lets through, or GitHub. */
  #checkLetThrough(input: PromotionInput, before: PromotionStatus) {
    if (this.state.status === 'executing' && before !== 'executing') {
      same(['evaluate', 'bypass'].includes(input.type), true);
    }
  }

  look() {
    const { world, ledger } = this;
    const wasUndecided = this.isUndecided;
    const expected = this.isOver ? 'expired' : expectedStatus(world, ledger);

    const { standing } = judgeReadiness(factsOf(world, this.state));
    this.send({ type: 'evaluate', at: timeOf(world.minute), standing });

    if (wasUndecided) {
      same(this.state.status, expected);
      for (const [person, picture] of ledger.voices) {
        if (picture !== pictureOf(world) || !mayCount(world, person)) {
          ledger.voices.delete(person);
        }
      }
      if (expected !== 'expired') {
        const inForce = this.state.voices.filter(({ lapsed }) => !lapsed);
        same(
          inForce.map(voice => voice.by).sort(),
          [...ledger.voices.keys()].sort(),
        );
      }
    }
  }

  approve(person: string, seen: string, picture: string) {
    const at = timeOf(this.world.minute);
    const mayBe = this.isUndecided && !this.isOver;
    const accepted = this.send({ type: 'approve', at, by: person, seen });
    same(accepted, mayBe);
    if (accepted) {
      this.ledger.voices.set(person, picture);
    }
  }

  override(names: string[], reason: string) {
    const at = timeOf(this.world.minute);
    const conditions = names.map(each => this.#windowOf(each));
    const mayBe =
      this.isUndecided &&
      !this.isOver &&
      conditions.length > 0 &&
      reason.trim() !== '';
    const accepted = this.send({
      type: 'override',
      at,
      by,
      conditions,
      reason,
    });
    same(accepted, mayBe);
    if (accepted) {
      conditions.forEach(each => this.ledger.letPass.add(each));
    }
  }

  /** Of a freeze, the window that is there now is meant; of deploy.yaml, its last change. */
  #windowOf(condition: string): string {
    if (condition === 'spec') {
      return `spec:${timeOf(this.world.specSince)}`;
    }
    const freeze = this.world.freezes.find(
      ({ name }) => condition === `freeze:${name}`,
    );
    return freeze ? `${condition}/${timeOf(freeze.end)}` : condition;
  }

  /** The state is read anew, and whoever was not answered asks again. */
  crash() {
    const read = JSON.parse(JSON.stringify(this.state));
    same(read, this.state);
    this.state = read;
    const last = this.#last;
    // Looked at again, it is on what there is now.
    if (last && last.type !== 'evaluate') {
      const { status, voices } = this.state;
      const before = voices.length;
      this.send(last);
      same(this.state.status, status);
      same(this.state.voices.length, before);
    }
  }

  do(what: Action) {
    const { world } = this;
    const at = timeOf(world.minute);
    const text = 'Somebody did this at GitHub.';
    switch (what.do) {
      case 'change':
        return change(world, what.what, what.random);
      case 'wait':
        world.minute += what.minutes;
        return undefined;
      case 'look':
        return this.look();
      case 'approve':
        return what.stale
          ? this.approve(what.by, 'stale', 'stale')
          : this.approve(what.by, this.seen, pictureOf(world));
      case 'override':
        return this.override(what.conditions, what.reason);
      case 'crash':
        return this.crash();
      case 'newer release': {
        const plan = planSupersede('1.5.0', [
          { id: 'this', status: this.state.status, relation: 'older' },
        ]);
        const ends = 'supersede' in plan && plan.supersede.includes('this');
        same(ends, this.isUndecided);
        const { status } = this.state;
        this.send({ type: 'supersede', at, by, text: '1.5.0 was asked for.' });
        return same(this.state.status, ends ? 'superseded' : status);
      }
      case 'reject':
        return this.send({ type: 'reject', at, by, comment: what.comment });
      case 'cancel':
        return this.send({ type: 'cancel', at, by: requester });
      case 'bypass':
        return this.send({ type: 'bypass', at, by: 'github:octo', text });
      case 'withdraw':
        return this.send({
          type: 'withdraw',
          at,
          text,
          rejected: what.rejected,
        });
      case 'fail':
        return this.send({
          type: 'fail',
          at,
          failure: { message: 'It did not start.' },
        });
      case 'rolled-back':
        return this.send({ type: 'rolled-back', at, by, text });
      default:
        return this.send({ type: what.do, at });
    }
  }

  /** A promotion in the same place, that may be driven on without harm. */
  fork(): PromotionRun {
    const fork = new PromotionRun(structuredClone(this.world));
    fork.state = structuredClone(this.state);
    fork.events = [...this.events];
    fork.ledger = structuredClone(this.ledger);
    return fork;
  }
}

/** It ends by the clock; and it gets through once all is well and enough people approve. */
export function checkNotStranded(run: PromotionRun) {
  const late = run.fork();
  late.world.minute = 100_000;
  late.look();
  same(late.state.status, 'expired');

  const helped = run.fork();
  if (helped.isOver) {
    return;
  }
  mend(helped.world, 0);
  helped.world.stagingSince = -10_000;
  const fresh = ['a', 'b', 'c', 'd'].map(name => `user:default/new-${name}`);
  helped.world.teams.platform.push(...fresh);
  helped.world.teams.security.push(...fresh);
  helped.look();
  fresh.forEach(person =>
    helped.isUndecided
      ? helped.approve(person, helped.seen, pictureOf(helped.world))
      : undefined,
  );
  helped.look();
  same(helped.state.status, 'executing');
  helped.do({ do: 'verified' });
  same(helped.state.status, 'succeeded');
}
