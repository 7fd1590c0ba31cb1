import { CanaryLook } from '@vvp/backstage-plugin-deploy-common';
import { CanaryMove, TargetCanary } from '../DeployTarget';
import { DriveOptions, DriveResult } from './drivePlan';
import { spread } from './spread';
import { Subject } from './Subject';
import { TargetCheck } from './TargetCheck';
import { CanaryHarness, CanaryTargetHarness } from './TargetHarness';

const healthStates = ['healthy', 'degraded', 'unhealthy', 'unknown'];
const allMoves: readonly CanaryMove[] = ['start', 'pause', 'finish'];
/** Fewer than elsewhere: each comes after a release that has to come up first. */
const MAX_DEATHS = 4;
const LOG_ENTRIES = 3;
const DEFAULT_PERCENT = 20;

/** A release that a pipeline has brought in, and the target that is to watch it. */
class Canary {
  readonly #subject: Subject;
  readonly #canary: TargetCanary;
  readonly #harness: CanaryHarness;
  readonly revision: string;
  readonly #commit: string;

  private constructor(
    subject: Subject,
    canary: TargetCanary,
    harness: CanaryHarness,
    begun: { revision: string; commit: string },
  ) {
    this.#subject = subject;
    this.#canary = canary;
    this.#harness = harness;
    this.revision = begun.revision;
    this.#commit = begun.commit;
  }

  static async begin(subject: Subject): Promise<Canary> {
    const harness = harnessOf(subject).canary;
    return new Canary(
      subject,
      canaryOf(subject),
      harness,
      await harness.begin(),
    );
  }

  get percent(): number {
    return this.#harness.percent ?? DEFAULT_PERCENT;
  }

  can(move: CanaryMove): boolean {
    return this.#canary.moves(this.#subject.environment).includes(move);
  }

  share(): Promise<number> {
    return this.#harness.share(this.revision);
  }

  async look(): Promise<CanaryLook> {
    const { environment, signal } = this.#subject;
    const seen = await this.#canary.look(
      environment,
      { commit: this.#commit, logEntries: LOG_ENTRIES },
      signal,
    );
    expect(seen).toMatchObject({ revision: this.revision });
    return seen as CanaryLook;
  }

  plan(move: CanaryMove) {
    return planOf(this.#subject, this.#canary, this.revision, move);
  }

  async drive(
    move: CanaryMove,
    options: DriveOptions = {},
  ): Promise<DriveResult> {
    return this.#subject.drive(await this.plan(move), options);
  }

  async expectMoved(
    move: CanaryMove,
    options: DriveOptions = {},
  ): Promise<DriveResult> {
    const result = await this.drive(move, options);
    expect({ ...options, error: result.error }).toEqual(options);
    expect(result.outcome).toBe('done');
    return result;
  }

  /** It has at least what it was to get, not all, and the target tells how much. */
  async expectStarted(): Promise<void> {
    const share = await this.share();
    expect(share).toBeGreaterThanOrEqual(this.percent);
    expect(share).toBeLessThan(100);
    expect(await this.look()).toMatchObject({
      percent: share,
      stable: this.#subject.harness.revisions.current,
    });
  }

  async expectFinished(): Promise<void> {
    await this.#subject.expectServing(this.revision);
    const seen = await this.look();
    expect(seen).toMatchObject({ percent: 100, paused: false });
    expect(seen.stable).toBeUndefined();
  }

  /** A rollback brings back what ran before it, as when it is aborted. */
  async expectAborted(): Promise<void> {
    const { current } = this.#subject.harness.revisions;
    const result = await this.#subject.drive(await this.#subject.plan(current));
    expect(result.error).toBeUndefined();
    expect(result.outcome).toBe('done');
    await this.#subject.expectServing(current);
    expect(await this.share()).toBe(0);
  }
}

/** A target that can give a release a part of the traffic does so safely. */
export const canaryChecks: TargetCheck[] = [
  check('says what it can do with a canary, without the platform', subject => {
    const canary = canaryOf(subject);
    const moves = canary.moves(subject.environment);

    expect(new Set(moves).size).toBe(moves.length);
    expect(allMoves).toEqual(expect.arrayContaining([...moves]));
    expect(canary.moves(subject.environment)).toEqual(moves);
  }),
  check('knows no canary of a commit that is not there', async subject => {
    const { environment, harness, signal } = subject;

    const seen = await canaryOf(subject).look(
      environment,
      { commit: '0'.repeat(40), logEntries: LOG_ENTRIES },
      signal,
    );

    expect(seen).toBeUndefined();
    expect(await harness.changes()).toBe(0);
  }),
  check('looks at a canary, and changes nothing by it', async subject => {
    const canary = await Canary.begin(subject);

    const seen = await canary.look();

    expect(seen.percent).toBe(await canary.share());
    expect(seen.stable).toBe(subject.harness.revisions.current);
    expect(healthStates).toContain(seen.health.state);
    expect(seen.log?.length ?? 0).toBeLessThanOrEqual(LOG_ENTRIES);
    expect(seen.problems.every(problem => /\S/.test(problem))).toBe(true);
    expect(seen.movesItself !== undefined).toBe(
      !allMoves.some(move => canary.can(move)),
    );
    expect(await subject.harness.changes()).toBe(0);
  }),
  check('gives a canary its share once, however often', async subject => {
    const canary = await Canary.begin(subject);
    if (!canary.can('start')) {
      return;
    }

    await canary.expectMoved('start', { twice: true });

    await canary.expectStarted();
    expect(await canary.plan('start')).toMatchObject({
      alreadyThere: true,
      steps: [],
    });
  }),
  check('pauses a canary, if it can', async subject => {
    const canary = await Canary.begin(subject);
    if (!canary.can('pause')) {
      return;
    }

    await canary.expectMoved('pause', { twice: true });

    expect(await canary.look()).toMatchObject({ paused: true });
    expect(await canary.share()).toBeLessThan(100);
  }),
  check('gives a canary all of the traffic', async subject => {
    const canary = await Canary.begin(subject);
    if (!canary.can('finish')) {
      return;
    }
    await canary.expectMoved('start');

    await canary.expectMoved('finish', { twice: true });

    await canary.expectFinished();
    expect(await canary.plan('finish')).toMatchObject({
      alreadyThere: true,
      steps: [],
    });
  }),
  check('gets back from a canary by a rollback', async subject => {
    const canary = await Canary.begin(subject);
    if (canary.can('start')) {
      await canary.expectMoved('start');
    }

    await canary.expectAborted();
  }),
  check('moves no revision but its own', async subject => {
    const { gone, foreign } = subject.harness.revisions;
    const canary = canaryOf(subject);
    const moves = canary.moves(subject.environment);
    for (const revision of [gone, foreign]) {
      for (const move of allMoves) {
        await subject.expectKind(
          planOf(subject, canary, revision, move),
          moves.includes(move) ? ['not-found'] : ['not-found', 'invalid'],
        );
      }
    }
    expect(await subject.harness.changes()).toBe(0);
  }),
  check('refuses what it cannot do with a canary', async subject => {
    const canary = await Canary.begin(subject);
    for (const move of allMoves.filter(each => !canary.can(each))) {
      await subject.expectKind(canary.plan(move), ['invalid']);
    }
    expect(await subject.harness.changes()).toBe(0);
  }),
  check('gives a canary nothing where it may not', async subject => {
    const canary = await Canary.begin(subject);
    if (!canary.can('start')) {
      return;
    }
    const before = await canary.share();
    await subject.harness.faults.denyChanges();

    const result = await canary.drive('start');

    expect(result.kinds).toContain('denied');
    expect(result.outcome).toBe('as-before');
    expect(await canary.share()).toBe(before);
  }),
  check(
    'can be got back from wherever its start fails',
    async (subject, renew) => {
      const first = await Canary.begin(subject);
      const { length } = first.can('start')
        ? (await first.plan('start')).steps
        : [];
      for (let failAfter = 1; failAfter <= length; failAfter++) {
        const fresh = await renew();
        const canary = await Canary.begin(fresh);

        const result = await canary.drive('start', { failAfter });

        expect({ failAfter, error: result.undoError }).toEqual({ failAfter });
        expect(result.outcome).toBe('as-before');
        await canary.expectAborted();
      }
    },
  ),
  check(
    'survives the death of the process while a canary starts',
    async (subject, renew) => {
      const first = await Canary.begin(subject);
      if (!first.can('start')) {
        return;
      }
      const { moments } = await first.expectMoved('start');
      for (const dieAt of spread(1, moments, MAX_DEATHS)) {
        const canary = await Canary.begin(await renew());

        await canary.expectMoved('start', { dieAt });

        await canary.expectStarted();
      }
    },
  ),
  check(
    'survives the death of the process while a canary gets everything',
    async (subject, renew) => {
      const first = await Canary.begin(subject);
      if (!first.can('finish')) {
        return;
      }
      await first.expectMoved('start');
      const { moments } = await first.expectMoved('finish');
      for (const dieAt of spread(1, moments, MAX_DEATHS)) {
        const canary = await Canary.begin(await renew());
        await canary.expectMoved('start');

        await canary.expectMoved('finish', { dieAt });

        await canary.expectFinished();
      }
    },
  ),
];

function check(
  title: string,
  run: (
    subject: Subject,
    renew: () => Promise<Subject>,
  ) => Promise<void> | void,
): TargetCheck {
  return {
    title,
    async run(subject, renew) {
      await run(subject, renew);
    },
  };
}

function harnessOf(subject: Subject): CanaryTargetHarness {
  return subject.harness as CanaryTargetHarness;
}

function canaryOf({ target }: Subject): TargetCanary {
  expect(target.canary).toBeDefined();
  return target.canary as TargetCanary;
}

function planOf(
  subject: Subject,
  canary: TargetCanary,
  revision: string,
  move: CanaryMove,
) {
  const { environment, signal } = subject;
  const { percent = DEFAULT_PERCENT } = harnessOf(subject).canary;
  return canary.planMove(environment, { revision, move, percent }, signal);
}
