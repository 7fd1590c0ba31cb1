import fc from 'fast-check';
import { NOON, stateOf } from './__testUtils__/stateOf';
import { AttemptFailure } from './attemptFailure';
import { defaultLimits } from './limits';
import { advance, expire, fail, refuse, succeed } from './moves';
import { isOver, NextAttempt, OperationState } from './state';

/** What may happen to an attempt. */
type Happening =
  | { kind: 'succeeds'; skipped: boolean }
  | { kind: 'fails'; cause: AttemptFailure['kind'] }
  | { kind: 'late' }
  | { kind: 'process dies'; downSeconds: number }
  | { kind: 'cancelled, then succeeds' };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('succeeds' as const),
      skipped: fc.boolean(),
    }),
  },
  fc.record({
    kind: fc.constant('fails' as const),
    cause: fc.constantFrom<AttemptFailure['kind']>(
      'transient',
      'busy',
      'credentials',
      'denied',
      'not-found',
      'unhealthy',
      'invalid',
      'fault',
    ),
  }),
  fc.record({ kind: fc.constant('late' as const) }),
  fc.record({
    kind: fc.constant('process dies' as const),
    downSeconds: fc.integer({ min: 0, max: 120 }),
  }),
  fc.record({ kind: fc.constant('cancelled, then succeeds' as const) }),
);

/** Leads an operation to its end; when nothing more is left to happen, everything succeeds. */
function play(start: OperationState, happenings: readonly Happening[]) {
  const queue = [...happenings];
  const begun: NextAttempt[] = [];
  let now = NOON;
  let state = start;
  for (let round = 0; round < 10_000; round++) {
    now = Math.max(now + 1, Date.parse(state.dueAt));
    const next = advance(state, new Date(now));
    state = next.state;
    if (!next.next) {
      return { state, begun };
    }
    begun.push(next.next);
    now += 10;
    const what = queue.shift() ?? { kind: 'succeeds', skipped: false };
    const at = new Date(now);
    if (what.kind === 'process dies') {
      now += what.downSeconds * 1000;
    } else if (what.kind === 'late') {
      state = expire(state, next.next, undefined, at);
    } else if (what.kind === 'fails') {
      state = fail(
        state,
        next.next,
        { kind: what.cause, failure: { message: `It was ${what.cause}.` } },
        at,
        { limits: defaultLimits, chance: 0 },
      );
    } else {
      const cancelled = what.kind !== 'succeeds';
      state = succeed(
        cancelled
          ? {
              ...state,
              cancelRequested: { by: 'erin', at: at.toISOString() },
            }
          : state,
        next.next,
        { skipped: !cancelled && what.skipped },
        at,
      );
    }
  }
  throw new Error('It has no end.');
}

const plans = fc.array(fc.boolean(), { minLength: 0, maxLength: 6 });

describe('moves', () => {
  it('always end: done, as before, or unclear with a failure', () => {
    fc.assert(
      fc.property(
        plans,
        fc.array(happening, { maxLength: 60 }),
        (plan, list) => {
          const { state } = play(stateOf(plan), list);

          expect(isOver(state)).toBe(true);
          expect([
            'succeeded done',
            'succeeded already-there',
            'failed as-before',
            'failed unclear',
            'cancelled as-before',
          ]).toContain(`${state.status} ${state.outcome}`);
          expect(state.failure === undefined).toBe(
            state.status === 'succeeded',
          );
          expect(state.finishedAt).toBeDefined();
          expect(state.steps.map(step => step.status)).not.toContain('pending');
          expect(state.steps.map(step => step.status)).not.toContain('running');
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('run no step forward after one was undone, and each in its order', () => {
    fc.assert(
      fc.property(
        plans,
        fc.array(happening, { maxLength: 60 }),
        (plan, list) => {
          const { begun } = play(stateOf(plan), list);
          const turn = begun.findIndex(attempt => attempt.do === 'undo');
          const forward = turn < 0 ? begun : begun.slice(0, turn);
          const backward = turn < 0 ? [] : begun.slice(turn);
          const order = (attempts: NextAttempt[]) =>
            attempts.map(attempt => attempt.step);

          expect(backward.every(attempt => attempt.do === 'undo')).toBe(true);
          expect(order(forward)).toEqual(
            order(forward).sort((left, right) => left - right),
          );
          expect(order(backward)).toEqual(
            order(backward).sort((left, right) => right - left),
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('leave nothing undone when it is as before', () => {
    fc.assert(
      fc.property(
        plans,
        fc.array(happening, { maxLength: 60 }),
        (plan, list) => {
          const { state, begun } = play(stateOf(plan), list);
          const isAsBefore = state.outcome === 'as-before';
          const left = state.steps.filter(
            (step, index) =>
              step.plan.compensates &&
              step.status !== 'skipped' &&
              step.undoneAt === undefined &&
              begun.some(attempt => attempt.step === index),
          );

          expect(isAsBefore && left.length > 0).toBe(false);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('undo nothing once it is proven, and end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 3 }),
        fc.array(happening, { maxLength: 90 }),
        (plan, keeping, list) => {
          const { state, begun } = play(stateOf(plan, keeping), list);
          const isProven = begun.some(({ step }) => step >= plan.length);
          const isKept = state.steps
            .slice(plan.length)
            .every(({ status }) => status !== 'failed');

          expect(isOver(state)).toBe(true);
          expect(isProven).toBe(state.status === 'succeeded');
          expect(isProven && begun.some(attempt => attempt.do === 'undo')).toBe(
            false,
          );
          expect(!isProven || isKept).toBe(
            !isProven || state.failure === undefined,
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it.each(['transient', 'busy', 'credentials'] as const)(
    'turn back at once when they are cancelled during an attempt that ends as %s',
    kind => {
      const at = new Date(NOON + 10);
      const { state } = advance(stateOf([true]), new Date(NOON));
      const cancelRequested = { by: 'erin', at: at.toISOString() };

      const failed = fail(
        { ...state, cancelRequested },
        { do: 'execute', step: 0 },
        { kind, failure: { message: 'Not now.' }, retryAfterMs: 30_000 },
        at,
        { limits: defaultLimits, chance: 0 },
      );

      expect(failed.dueAt).toBe(at.toISOString());
      expect(advance(failed, at).state.phase).toBe('compensating');
    },
  );

  it('give a step after the proof another attempt however late it is', () => {
    const begun = advance(stateOf([true], 1), new Date(NOON));
    const proven = succeed(
      begun.state,
      { do: 'execute', step: 0 },
      {},
      new Date(NOON),
    );
    const keeping = advance(proven, new Date(NOON)).state;

    const dead = advance(keeping, new Date(NOON + 90_000_000));
    const late = expire(
      keeping,
      { do: 'execute', step: 1 },
      undefined,
      new Date(NOON + 60_000),
    );

    expect(dead.next).toEqual({ do: 'execute', step: 1 });
    expect(advance(late, new Date(NOON + 60_000)).next).toEqual({
      do: 'execute',
      step: 1,
    });
  });

  it('begin nothing that was refused', () => {
    const { state } = refuse(
      stateOf([true, true]),
      { message: 'It is locked.' },
      new Date(NOON),
    );

    expect(state).toMatchObject({
      status: 'failed',
      outcome: 'as-before',
      failure: { message: 'It is locked.' },
    });
    expect(state.steps.map(step => step.status)).toEqual([
      'skipped',
      'skipped',
    ]);
  });

  it.each([
    ['transient, first', 'transient', 1, undefined, 1_000],
    ['transient, fourth', 'transient', 4, undefined, 8_000],
    ['transient, tenth', 'transient', 10, undefined, 30_000],
    ['transient, told when', 'transient', 1, 12_000, 12_000],
    ['busy', 'busy', 7, undefined, 5_000],
    ['busy, told when', 'busy', 1, 12_000, 12_000],
    ['credentials', 'credentials', 1, undefined, 60_000],
  ] as const)('wait after %s', (_case, kind, attempts, retryAfterMs, wait) => {
    const now = new Date(NOON);
    const begun = advance(stateOf([true]), now).state;
    const [step] = begun.steps;
    const state = fail(
      { ...begun, steps: [{ ...step, attempts }] },
      { do: 'execute', step: 0 },
      { kind, failure: { message: 'Not now.' }, retryAfterMs },
      now,
      { limits: defaultLimits, chance: 0 },
    );

    expect(Date.parse(state.dueAt) - NOON).toBe(wait);
    expect(state.status).toBe('running');
  });

  it('wait for credentials no longer than the limit', () => {
    const now = new Date(NOON);
    const begun = advance(stateOf([true]), now).state;
    const parkedFor = (ms: number) =>
      fail(
        {
          ...begun,
          parked: {
            message: 'There are none.',
            since: new Date(NOON - ms).toISOString(),
            at: now.toISOString(),
            attempts: 1,
          },
        },
        { do: 'execute', step: 0 },
        { kind: 'credentials', failure: { message: 'There are none.' } },
        now,
        { limits: defaultLimits, chance: 0 },
      );
    const { parkLimitMs, parkMs } = defaultLimits;

    expect(parkedFor(parkLimitMs - parkMs).phase).toBe('forward');
    expect(parkedFor(parkLimitMs - parkMs + 1)).toMatchObject({
      phase: 'compensating',
      failure: {
        message: '"Step 0" waited too long for credentials. There are none.',
      },
    });
  });

  it.each(['denied', 'not-found', 'unhealthy', 'invalid', 'fault'] as const)(
    'turn back at once after %s',
    kind => {
      const now = new Date(NOON);
      const attempt = { do: 'execute', step: 0 } as const;
      const state = fail(
        advance(stateOf([true]), now).state,
        attempt,
        { kind, failure: { message: 'Never.' } },
        now,
        { limits: defaultLimits, chance: 0 },
      );

      expect(state).toMatchObject({
        phase: 'compensating',
        failure: { message: 'Never.' },
      });
      expect(advance(state, now).next).toEqual({ do: 'undo', step: 0 });
    },
  );

  it('wait for no attempt that would come after the time limit', () => {
    const begun = advance(stateOf([true]), new Date(NOON)).state;
    const toldToWait = (retryAfterMs: number) =>
      fail(
        begun,
        { do: 'execute', step: 0 },
        {
          kind: 'busy',
          failure: { message: 'Another command runs.' },
          retryAfterMs,
        },
        new Date(NOON),
        { limits: defaultLimits, chance: 0 },
      );

    expect(toldToWait(59_999).phase).toBe('forward');
    expect(toldToWait(60_000)).toMatchObject({
      phase: 'compensating',
      failure: {
        message:
          '"Step 0" was not done within its 60 seconds. Last problem: Another command runs.',
      },
    });
  });

  it('give no attempt to a step whose time ran out while nobody was there', () => {
    const begun = advance(stateOf([true]), new Date(NOON)).state;
    const { state, next } = advance(begun, new Date(NOON + 61_000));

    expect(next).toEqual({ do: 'undo', step: 0 });
    expect(state.failure?.message).toBe(
      '"Step 0" was not done within its 60 seconds.',
    );
  });

  it('give another attempt to undoing whose time ran out while nobody was there', () => {
    const begun = advance(stateOf([true]), new Date(NOON)).state;
    const undoing = advance(begun, new Date(NOON + 61_000)).state;
    const { next } = advance(undoing, new Date(NOON + 200_000));

    expect(next).toEqual({ do: 'undo', step: 0 });
  });

  it('give up undoing that never gets anywhere', () => {
    const crashes = Array.from(
      { length: 100 },
      (): Happening => ({
        kind: 'process dies',
        downSeconds: 61,
      }),
    );
    const { state } = play(stateOf([true]), crashes);

    expect(state).toMatchObject({ status: 'failed', outcome: 'unclear' });
  });
});
