import {
  activeStatuses,
  PromotionStatus,
  undecidedStatuses,
} from '@vvp/backstage-plugin-deploy-common';
import { FakeJob } from './githubPayloads';
import { LifeWorld } from './LifeWorld';
import {
  hindranceOf,
  Known,
  Ledger,
  obstacleOf,
  pictureOf,
  Snapshot,
  statusTold,
  takeSnapshot,
} from './oracle';

/** Where promotions have been, and what GitHub was told. */
export class Tally {
  readonly statuses = new Set<PromotionStatus>();
  readonly counts = new Map<string, number>();

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}

/** Those in which a job of a promotion may be let in, or was. */
const inside: readonly PromotionStatus[] = [
  'executing',
  'verifying',
  'succeeded',
];

/** What a run must not do, in words. */
export function assertThat(isSo: boolean, otherwise: string): void {
  if (!isSo) {
    throw new Error(otherwise);
  }
}

/** Holds what the portal does against what the test knows, after every step. */
export class LifeRun {
  snapshot: Snapshot = {
    promotions: new Map(),
    current: new Map(),
    worked: new Set(),
  };
  readonly #ledgers = new Map<string, Ledger>();
  readonly #letThrough = new Set<string>();
  readonly #taken: { id: string; person: string }[] = [];
  #told = 0;

  constructor(readonly world: LifeWorld, readonly tally: Tally) {}

  ledger(id: string): Ledger {
    const known = this.#ledgers.get(id) ?? {
      voices: new Map(),
      letPass: new Set(),
    };
    this.#ledgers.set(id, known);
    return known;
  }

  /** Somebody approves what they see now, whether it is taken or not. */
  noteVoice(id: string, person: string): void {
    const promotion = this.snapshot.promotions.get(id)!;
    const place = this.world.placeOf(promotion.environment_id);
    this.ledger(id).voices.set(person, pictureOf(this.world, place, promotion));
  }

  /** The approval of somebody was taken. */
  noteTaken(id: string, person: string): void {
    this.#taken.push({ id, person });
  }

  /** The world was the same during all that happened since the last time. */
  async check(): Promise<void> {
    const { world } = this;
    const before = this.snapshot;
    const now = await takeSnapshot(world.knex);
    this.snapshot = now;
    for (const promotion of now.promotions.values()) {
      this.tally.statuses.add(promotion.status);
      this.#checkMoves(promotion, before.promotions.get(promotion.id));
      this.#checkHistory(promotion);
      this.#checkEntry(promotion, [before, now]);
    }
    this.#checkAlone(now);
    this.#checkTaken(now);
    for (const told of world.github.told.slice(this.#told)) {
      this.tally.count(told.state);
      for (const job of told.jobs) {
        this.#checkTold(job, told, [before, now]);
      }
    }
    this.#told = world.github.told.length;
    const wrong = [...world.github.violations, ...world.errors];
    assertThat(wrong.length === 0, wrong.join());
  }

  #checkMoves({ id, status }: Known, before: Known | undefined): void {
    const wasOver = before && !activeStatuses.includes(before.status);
    assertThat(
      !wasOver ||
        before?.status === status ||
        (before?.status === 'succeeded' && status === 'rolled_back'),
      `Promotion ${id} was ${before?.status}, and is ${status}.`,
    );
  }

  /** Nobody wrote over what somebody else decided. */
  #checkHistory(promotion: Known): void {
    const told = statusTold(promotion);
    assertThat(
      told === promotion.status,
      `Promotion ${promotion.id} is ${promotion.status}, and its history says ${told}.`,
    );
  }

  /** What was said to be taken is kept, even if it lapsed. */
  #checkTaken({ promotions }: Snapshot): void {
    for (const { id, person } of this.#taken.splice(0)) {
      const { voices } = promotions.get(id)!.state;
      assertThat(
        voices.some(({ by }) => by === person),
        `The approval of ${person} for promotion ${id} was taken, and is lost.`,
      );
    }
  }

  /** It went in once, and then all was met. */
  #checkEntry(promotion: Known, moments: readonly Snapshot[]): void {
    const { id, entries, status } = promotion;
    assertThat(entries.length <= 1, `Promotion ${id} went in ${entries}.`);
    const isIn = [...inside, 'rolled_back'].includes(status);
    assertThat(
      !isIn || entries.length === 1,
      `Promotion ${id} is ${status} and was not let through.`,
    );
    if (entries[0] !== 'let-through' || this.#letThrough.has(id)) {
      return;
    }
    const obstacles = moments.map(moment =>
      obstacleOf(this.world, moment, promotion, this.ledger(id)),
    );
    assertThat(
      obstacles.includes(undefined),
      `Promotion ${id} was let through although ${obstacles.at(-1)}.`,
    );
    this.#letThrough.add(id);
    this.tally.count('let-through');
  }

  #checkAlone({ promotions }: Snapshot): void {
    const executing = [...promotions.values()]
      .filter(({ status }) => status === 'executing')
      .map(({ environment_id: id }) => id);
    assertThat(
      new Set(executing).size === executing.length,
      'Two promotions are on their way into one environment.',
    );
  }

  #checkTold(
    job: FakeJob,
    { state, run }: { state: string; run: { id: number; commit: string } },
    moments: readonly Snapshot[],
  ): void {
    const place = this.world.place(job.service);
    const own = this.ofRun(place.environmentId, run);
    const why = `Run ${run.id} was ${state} for ${job.service}`;
    if (state === 'rejected') {
      // One answer is for all that wait there: any of them may be the reason.
      const all = [...this.snapshot.promotions.values()].filter(
        each => each.run_id === String(run.id),
      );
      assertThat(
        all.some(({ status }) => !activeStatuses.includes(status)),
        `${why}, and nothing of it is over.`,
      );
      return;
    }
    const good = own.find(
      ({ id, status }) => this.#letThrough.has(id) && inside.includes(status),
    );
    assertThat(
      good !== undefined,
      `${why}, whose promotions are: ${own.map(({ status }) => status)}.`,
    );
    const hindrances = moments.map(moment =>
      hindranceOf(this.world, moment, good!, this.ledger(good!.id)),
    );
    assertThat(
      hindrances.includes(undefined),
      `${why} although ${hindrances.at(-1)}.`,
    );
  }

  /** The promotions that a run's job has, newest last. */
  ofRun(environmentId: string, run: { id: number; commit: string }): Known[] {
    return [...this.snapshot.promotions.values()].filter(
      promotion =>
        promotion.environment_id === environmentId &&
        promotion.commit === run.commit &&
        promotion.run_id === String(run.id),
    );
  }

  undecided(): Known[] {
    return [...this.snapshot.promotions.values()].filter(({ status }) =>
      undecidedStatuses.includes(status),
    );
  }

  active(): Known[] {
    return [...this.snapshot.promotions.values()].filter(({ status }) =>
      activeStatuses.includes(status),
    );
  }
}
