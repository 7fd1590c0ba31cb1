import { NOON, stateOf } from './__testUtils__/stateOf';
import { AttemptFailure } from './attemptFailure';
import { defaultLimits } from './limits';
import { advance, fail } from './moves';

describe('operations that turn back', () => {
  describe('cancelled', () => {
    const now = new Date(NOON);
    const cancelRequested = { by: 'erin', at: now.toISOString() };
    const options = { limits: defaultLimits, chance: 0 };
    const because = (kind: AttemptFailure['kind']) => ({
      kind,
      failure: { message: 'Not now.' },
    });

    it.each(['transient', 'busy', 'credentials'] as const)(
      'wait for no other attempt after %s',
      kind => {
        const begun = advance(stateOf([true]), now).state;
        const state = fail(
          { ...begun, cancelRequested },
          { do: 'execute', step: 0 },
          because(kind),
          now,
          options,
        );

        expect(state.dueAt).toBe(now.toISOString());
        expect(advance(state, now).state.phase).toBe('compensating');
      },
    );

    it.each([
      ['transient', 1_000],
      ['busy', 5_000],
      ['credentials', 60_000],
    ] as const)('wait after %s while they are undone', (kind, wait) => {
      const begun = advance(stateOf([true]), now).state;
      const undoing = advance({ ...begun, cancelRequested }, now);
      const state = fail(
        undoing.state,
        { do: 'undo', step: 0 },
        because(kind),
        now,
        options,
      );

      expect(undoing.next).toEqual({ do: 'undo', step: 0 });
      expect(Date.parse(state.dueAt) - NOON).toBe(wait);
    });
  });

  it('wait longer after each attempt at undoing, however often it was done', () => {
    const now = new Date(NOON);
    const [step] = stateOf([true]).steps;
    const undone = (compensationAttempts: number) =>
      fail(
        {
          ...stateOf([true]),
          phase: 'compensating',
          steps: [
            {
              ...step,
              status: 'failed',
              attempts: 9,
              compensationAttempts,
              deadlineAt: new Date(NOON + 60_000).toISOString(),
            },
          ],
        },
        { do: 'undo', step: 0 },
        { kind: 'transient', failure: { message: 'Not now.' } },
        now,
        { limits: defaultLimits, chance: 0 },
      );

    expect(
      [1, 2, 3].map(count => Date.parse(undone(count).dueAt) - NOON),
    ).toEqual([1_000, 2_000, 4_000]);
  });

  it('wait for credentials to undo it as long as they did to do it', () => {
    const now = new Date(NOON);
    const { parkLimitMs } = defaultLimits;
    const options = { limits: defaultLimits, chance: 0 };
    const cause = {
      kind: 'credentials' as const,
      failure: { message: 'There are none.' },
    };
    const [step] = stateOf([true]).steps;
    const waited = fail(
      {
        ...stateOf([true]),
        parked: {
          ...cause.failure,
          since: new Date(NOON - parkLimitMs).toISOString(),
          at: now.toISOString(),
          attempts: 2,
        },
        // It remembers something, and so has to be undone.
        steps: [
          { ...step, status: 'running', attempts: 2, memory: { before: '6' } },
        ],
      },
      { do: 'execute', step: 0 },
      cause,
      now,
      options,
    );

    const undoing = advance(waited, now);
    const parked = fail(undoing.state, undoing.next!, cause, now, options);

    expect(undoing.next).toEqual({ do: 'undo', step: 0 });
    expect(parked).toMatchObject({
      status: 'running',
      parked: { since: now.toISOString(), attempts: 1 },
    });
  });

  it('give undoing its whole time, from its own beginning', () => {
    const at = new Date(NOON + 50_000);
    const failed = fail(
      advance(stateOf([true]), new Date(NOON)).state,
      { do: 'execute', step: 0 },
      { kind: 'denied', failure: { message: 'It may not be done.' } },
      at,
      { limits: defaultLimits, chance: 0 },
    );

    const { state, next } = advance(failed, at);

    expect(next).toEqual({ do: 'undo', step: 0 });
    expect(Date.parse(state.steps[0].deadlineAt!) - NOON).toBe(110_000);
  });
});
