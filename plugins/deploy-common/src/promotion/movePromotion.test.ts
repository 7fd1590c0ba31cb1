import {
  PromotionEvent,
  PromotionStatus,
  promotionStatuses,
  undecidedStatuses,
} from '../model';
import { dana, ines, omar, policy } from '../readiness/testing';
import { movePromotion } from './movePromotion';
import { newPromotion } from './newPromotion';
import {
  PromotionInput,
  PromotionMove,
  PromotionState,
  Standing,
  Voice,
} from './types';

const at = '2026-11-20T12:00:00.000Z';
const later = '2026-11-20T13:00:00.000Z';

const { state: fresh } = newPromotion({ at, by: dana, policy });

const ready: Standing = {
  seen: 'picture',
  fit: true,
  approved: true,
  clear: true,
  ineligible: [],
};

const voice = (by: string, seen = 'picture'): Voice => ({ by, at, seen });

const inStatus = (
  status: PromotionStatus,
  more: Partial<PromotionState> = {},
): PromotionState => ({ ...fresh, status, ...more });

function moved(state: PromotionState, input: PromotionInput) {
  const move: PromotionMove = movePromotion(state, input);
  if ('refusal' in move) {
    throw new Error(move.refusal.message);
  }
  return move;
}

const typesOf = (events: Pick<PromotionEvent, 'type'>[]) =>
  events.map(({ type }) => type);

/** Reviews at GitHub have a test of their own. */
type Type = Exclude<PromotionInput['type'], `${string}-review`>;

const inputs: Record<Type, Extract<PromotionInput, { type: Type }>> = {
  evaluate: { type: 'evaluate', at: later, standing: ready },
  approve: { type: 'approve', at: later, by: omar, seen: 'picture' },
  reject: { type: 'reject', at: later, by: omar, comment: 'Not like this.' },
  cancel: { type: 'cancel', at: later, by: dana },
  override: {
    type: 'override',
    at: later,
    by: omar,
    reason: 'It is urgent.',
    conditions: ['soak'],
  },
  supersede: { type: 'supersede', at: later, text: 'A newer one.' },
  bypass: { type: 'bypass', at: later, by: 'github:octo', text: 'Bypassed.' },
  withdraw: {
    type: 'withdraw',
    at: later,
    text: 'Run ended.',
    rejected: false,
  },
  deployed: { type: 'deployed', at: later },
  verified: { type: 'verified', at: later },
  fail: { type: 'fail', at: later, failure: { message: 'It did not start.' } },
  'rolled-back': { type: 'rolled-back', at: later, by: omar, text: 'Back.' },
};

type Table = Partial<Record<PromotionStatus, PromotionStatus>>;

/** From each of these to another; from everywhere else to nowhere. */
const fromUndecided = (to: PromotionStatus): Table =>
  Object.fromEntries(undecidedStatuses.map(status => [status, to]));

const transitions: Record<Type, Table> = {
  evaluate: fromUndecided('executing'),
  approve: {
    gated: 'gated',
    awaiting_approval: 'awaiting_approval',
    approved: 'approved',
  },
  reject: fromUndecided('rejected'),
  cancel: fromUndecided('cancelled'),
  override: {
    gated: 'gated',
    awaiting_approval: 'awaiting_approval',
    approved: 'approved',
  },
  supersede: fromUndecided('superseded'),
  bypass: fromUndecided('executing'),
  withdraw: { ...fromUndecided('cancelled'), executing: 'cancelled' },
  deployed: { executing: 'verifying' },
  verified: { executing: 'succeeded', verifying: 'succeeded' },
  fail: { executing: 'failed', verifying: 'failed' },
  'rolled-back': {
    executing: 'rolled_back',
    verifying: 'rolled_back',
    succeeded: 'rolled_back',
  },
};

const byPeople: Type[] = ['approve', 'reject', 'cancel', 'override'];

const rows = Object.values(inputs).flatMap(input =>
  promotionStatuses.map(
    status => [input.type, status, transitions[input.type][status]] as const,
  ),
);

describe('newPromotion', () => {
  it.each([
    [dana, 'regular', 'user:default/dana asked for this promotion.'],
    [
      dana,
      'hotfix',
      'user:default/dana asked for this promotion, as a hotfix.',
    ],
    [
      'automatic',
      'regular',
      'The policy of the environment asked for this promotion.',
    ],
  ] as const)('of %s, %s', (by, kind, text) => {
    const { state, events } = newPromotion({
      at,
      by,
      policy: { class: kind, expiresAfterSeconds: 3600 },
      reason: 'Customers wait.',
    });

    expect(state).toEqual({
      status: 'gated',
      requestedBy: by,
      voices: [],
      overridden: [],
      expiresAt: later,
    });
    expect(events).toEqual([
      { at, by, type: 'requested', text, comment: 'Customers wait.' },
    ]);
  });
});

describe('movePromotion', () => {
  it.each(rows.filter(([, , to]) => to))(
    '%s: %s becomes %s',
    (type, from, to) => {
      const { state, events } = moved(inStatus(from), inputs[type]);

      expect(state.status).toBe(to);
      expect(events).toEqual([
        expect.objectContaining({
          at: later,
          text: expect.stringMatching(/\.$/),
        }),
      ]);
      expect(state.decided?.at).toBe(to === from ? undefined : later);
    },
  );

  it.each(rows.filter(([type, , to]) => !to && !byPeople.includes(type)))(
    '%s comes late and is harmless: %s',
    (type, from) => {
      const state = inStatus(from);

      const move = moved(state, inputs[type]);

      expect(move.state).toBe(state);
      expect(move.events).toEqual([]);
    },
  );

  it.each(rows.filter(([type, , to]) => !to && byPeople.includes(type)))(
    '%s is refused: %s',
    (type, from) => {
      const decided = { at, by: ines };

      const move = movePromotion(inStatus(from, { decided }), inputs[type]);

      expect(move).toEqual({
        refusal: {
          message: expect.stringMatching(
            /^This promotion .* by user:default\/ines at 2026-11-20T12:00:00.000Z; it can no longer be (approved|rejected|cancelled|overridden)\.$/,
          ),
          remedy: expect.stringMatching(/\.$/),
        },
      });
    },
  );

  it('ignores what it does not know', () => {
    const state = inStatus('gated');

    expect(moved(state, { type: 'toString' } as never)).toEqual({
      state,
      events: [],
    });
  });

  describe('looked at again', () => {
    it.each<[PromotionStatus, Partial<Standing>, PromotionStatus, string[]]>([
      ['gated', { fit: false }, 'gated', []],
      [
        'gated',
        { approved: false, clear: false },
        'awaiting_approval',
        ['fit'],
      ],
      ['gated', { clear: false }, 'approved', ['all-approved']],
      ['gated', {}, 'executing', ['let-through']],
      ['awaiting_approval', { approved: false }, 'awaiting_approval', []],
      ['awaiting_approval', { fit: false }, 'gated', ['gated']],
      ['awaiting_approval', { clear: false }, 'approved', ['all-approved']],
      ['approved', { clear: false }, 'approved', []],
      ['approved', { approved: false }, 'awaiting_approval', ['fit']],
      ['approved', { fit: false }, 'gated', ['gated']],
    ])('%s with %j: %s', (from, standing, to, events) => {
      const state = inStatus(from);

      const move = moved(state, {
        type: 'evaluate',
        at,
        standing: { ...ready, ...standing },
      });

      expect(move.state.status).toBe(to);
      expect(typesOf(move.events)).toEqual(events);
      expect(move.state === state).toBe(events.length === 0);
    });

    it('takes back voices that saw something else, with a notice', () => {
      const state = inStatus('approved', {
        voices: [voice(omar), voice(ines, 'other')],
      });

      const move = moved(state, {
        type: 'evaluate',
        at: later,
        standing: { ...ready, seen: 'other', approved: false },
      });

      expect(move.state.status).toBe('awaiting_approval');
      expect(move.state.voices).toEqual([
        {
          ...voice(omar),
          lapsed: { at: later, why: expect.stringMatching(/no longer those/) },
        },
        voice(ines, 'other'),
      ]);
      expect(move.events).toEqual([
        {
          at: later,
          type: 'approval-lapsed',
          text: expect.stringMatching(
            /^The approval by user:default\/omar lapsed\. The artifact or/,
          ),
        },
        expect.objectContaining({ type: 'fit' }),
      ]);
    });

    it('takes back the voice of who left, once', () => {
      const standing = {
        ...ready,
        approved: false,
        ineligible: [{ by: 'User:default/Omar', why: 'They left the group.' }],
      };
      const state = inStatus('awaiting_approval', { voices: [voice(omar)] });

      const first = moved(state, { type: 'evaluate', at, standing });
      const second = moved(first.state, { type: 'evaluate', at, standing });

      expect(first.events).toEqual([
        {
          at,
          type: 'approval-lapsed',
          text: 'The approval by user:default/omar lapsed. They left the group.',
        },
      ]);
      expect(second).toEqual({ state: first.state, events: [] });
    });

    it.each([
      ['a moment before its end', '2026-11-27T11:59:59.999Z', 'executing'],
      ['at its end', '2026-11-27T12:00:00.000Z', 'expired'],
      ['at an unknown time', 'soon', 'expired'],
    ])('%s', (_, time, status) => {
      const { state } = moved(fresh, {
        type: 'evaluate',
        at: time,
        standing: ready,
      });

      expect(state.status).toBe(status);
    });

    it('keeps few of the voices that lapsed, and every one in force', () => {
      let state = inStatus('awaiting_approval', { voices: [voice(ines, '0')] });
      for (let index = 0; index < 300; index += 1) {
        state = moved(state, {
          type: 'approve',
          at,
          by: omar,
          seen: String(index),
        }).state;
      }

      expect(state.voices.filter(({ lapsed }) => lapsed)).toHaveLength(100);
      expect(
        state.voices.filter(({ lapsed }) => !lapsed).map(each => each.seen),
      ).toEqual(['0', '299']);
    });
  });

  describe('approved', () => {
    it('keeps the voice, with what was seen and said', () => {
      const { state, events } = moved(fresh, {
        type: 'approve',
        at: later,
        by: omar,
        seen: 'picture',
        comment: 'Good.',
      });

      expect(state).toEqual({
        ...fresh,
        voices: [{ by: omar, at: later, seen: 'picture', comment: 'Good.' }],
      });
      expect(events).toEqual([
        {
          at: later,
          by: omar,
          type: 'approved',
          text: 'user:default/omar approved.',
          comment: 'Good.',
        },
      ]);
    });

    it.each([omar, 'User:default/Omar'])('twice by %s counts once', by => {
      const state = inStatus('gated', { voices: [voice(omar)] });

      const move = moved(state, { type: 'approve', at, by, seen: 'picture' });

      expect(move).toEqual({ state, events: [] });
    });

    it('again, of what there is now: the earlier voice lapses', () => {
      const state = inStatus('gated', { voices: [voice(omar, 'before')] });

      const move = moved(state, inputs.approve);

      expect(
        move.state.voices.map(({ seen, lapsed }) => [seen, lapsed?.at]),
      ).toEqual([
        ['before', later],
        ['picture', undefined],
      ]);
      expect(typesOf(move.events)).toEqual(['approval-lapsed', 'approved']);
    });

    it('again after it lapsed: it counts', () => {
      const lapsed = { ...voice(omar), lapsed: { at, why: 'They left.' } };

      const { state } = moved(
        inStatus('gated', { voices: [lapsed] }),
        inputs.approve,
      );

      expect(state.voices).toHaveLength(2);
    });

    it('by more people than any policy asks for: it is refused', () => {
      const voices = Array.from({ length: 200 }, (_, index) =>
        voice(`user:default/u${index}`),
      );

      expect(
        movePromotion(inStatus('gated', { voices }), inputs.approve),
      ).toEqual({
        refusal: {
          message: 'This promotion has 200 approvals; it takes no more.',
          remedy: expect.any(String),
        },
      });
    });
  });

  it.each(['approve', 'override'] as const)(
    '%s after its end is refused although nobody looked since',
    type => {
      const at2 = '2026-11-27T12:00:00.000Z';

      expect(movePromotion(fresh, { ...inputs[type], at: at2 })).toEqual({
        refusal: {
          message: expect.stringMatching(
            /^This promotion expired at 2026-11-27T12:00:00.000Z/,
          ),
          remedy: 'Ask for a new promotion.',
        },
      });
    },
  );

  it.each<[PromotionInput, RegExp]>([
    [{ type: 'reject', at, by: omar, comment: ' \n' }, /"comment" is empty/],
    [
      { type: 'override', at, by: omar, reason: ' ', conditions: ['soak'] },
      /"reason" is empty/,
    ],
    [
      { type: 'override', at, by: omar, reason: 'x', conditions: [] },
      /"conditions" names 0/,
    ],
    [
      {
        type: 'override',
        at,
        by: omar,
        reason: 'x',
        conditions: Array(51).fill('soak'),
      },
      /"conditions" names 51/,
    ],
  ])('refuses %j', (input, message) => {
    expect(movePromotion(fresh, input)).toEqual({
      refusal: {
        message: expect.stringMatching(message),
        remedy: expect.stringMatching(/\.$/),
      },
    });
  });

  it.each(['reject', 'cancel'] as const)(
    '%s by the same person again is done already',
    type => {
      const { state } = moved(fresh, inputs[type]);

      expect(moved(state, inputs[type])).toEqual({ state, events: [] });
      expect(
        movePromotion(state, { ...inputs[type], by: ines } as PromotionInput),
      ).toHaveProperty('refusal');
    },
  );

  it('keeps what was overridden, each condition once', () => {
    const conditions = ['soak', 'order', 'soak'];
    const first = moved(fresh, { ...inputs.override, conditions } as never);
    const again = moved(first.state, {
      ...inputs.override,
      conditions,
    } as never);
    const more = moved(first.state, {
      ...inputs.override,
      conditions: ['soak', 'hold'],
    } as never);

    expect(first.state.overridden).toEqual([
      {
        conditions: ['soak', 'order'],
        by: omar,
        reason: 'It is urgent.',
        at: later,
      },
    ]);
    expect(first.events).toEqual([
      {
        at: later,
        by: omar,
        type: 'overridden',
        text: 'user:default/omar let pass: soak, order.',
        comment: 'It is urgent.',
      },
    ]);
    expect(again).toEqual({ state: first.state, events: [] });
    expect(more.state.overridden[1].conditions).toEqual(['hold']);
  });

  it('takes no more than so many overrides', () => {
    const one = { conditions: ['x'], by: omar, reason: 'x', at };
    const overridden = Array(100).fill(one);

    expect(
      movePromotion(inStatus('gated', { overridden }), inputs.override),
    ).toHaveProperty('refusal.message', expect.stringMatching(/100 times/));
  });

  it('tells a run that was turned away at GitHub from one that was cancelled', () => {
    const { state, events } = moved(inStatus('executing'), {
      type: 'withdraw',
      at,
      by: 'github:octo',
      text: 'Turned away at GitHub.',
      rejected: true,
    });

    expect(state).toMatchObject({
      status: 'rejected',
      decided: { at, by: 'github:octo' },
    });
    expect(typesOf(events)).toEqual(['rejected']);
  });

  it('keeps why it failed', () => {
    expect(moved(inStatus('verifying'), inputs.fail).state).toMatchObject({
      status: 'failed',
      failure: { message: 'It did not start.' },
    });
  });
});
