import { PromotionStatus, promotionStatuses } from '../model';
import { dana, ines, omar, policy } from '../readiness/testing';
import { movePromotion } from './movePromotion';
import { newPromotion } from './newPromotion';
import { PromotionInput, PromotionState, Standing } from './types';

const at = '2026-11-20T12:00:00.000Z';
const until = '2026-11-20T12:02:00.000Z';
const late = '2026-11-20T12:02:01.000Z';

const ready: Standing = {
  seen: 'picture',
  fit: true,
  approved: true,
  clear: true,
  ineligible: [],
};

const waiting: PromotionState = {
  ...newPromotion({ at, by: dana, policy }).state,
  status: 'awaiting_approval',
  expiresAt: '2026-11-27T12:00:00.000Z',
  voices: [{ by: omar, at, seen: 'picture' }],
};

const begin = (
  more: Partial<Extract<PromotionInput, { type: 'begin-review' }>> = {},
) =>
  ({
    type: 'begin-review',
    at,
    by: ines,
    until,
    standing: ready,
    voice: { seen: 'picture', comment: 'Fine.' },
    ...more,
  } as const);

function moved(state: PromotionState, input: PromotionInput) {
  const move = movePromotion(state, input);
  if ('refusal' in move) {
    throw new Error(move.refusal.message);
  }
  return move;
}

const begun = () => moved(waiting, begin()).state;

describe('a review at GitHub', () => {
  it('is decided before GitHub is told, and stands in the history afterwards', () => {
    const first = moved(waiting, begin());
    const last = moved(first.state, { type: 'finish-review', at: late });

    expect(first.state.status).toBe('executing');
    expect(first.events).toEqual([]);
    expect(last.state).toMatchObject({
      status: 'executing',
      decided: { at, by: ines },
      voices: [{ by: omar }, { by: ines, comment: 'Fine.' }],
    });
    expect(last.state.reviewing).toBeUndefined();
    expect(last.events).toEqual([
      expect.objectContaining({ type: 'approved', by: ines, comment: 'Fine.' }),
      expect.objectContaining({
        type: 'let-through',
        by: ines,
        text: `${ines} let it in at GitHub.`,
      }),
    ]);
  });

  it('that is refused leaves everything as it was', () => {
    expect(moved(begun(), { type: 'undo-review', at: late })).toEqual({
      state: waiting,
      events: [],
    });
  });

  it('adds no voice where none is asked for', () => {
    const { state } = moved(moved(waiting, begin({ voice: undefined })).state, {
      type: 'finish-review',
      at,
    });

    expect(state.voices).toEqual(waiting.voices);
  });

  it.each<[string, Partial<Standing>]>([
    ['not fit', { fit: false }],
    ['not approved', { approved: false }],
    ['not clear', { clear: false }],
  ])('does not begin where it is %s', (_, standing) => {
    expect(
      movePromotion(waiting, begin({ standing: { ...ready, ...standing } })),
    ).toEqual({
      refusal: expect.objectContaining({ remedy: expect.any(String) }),
    });
  });

  it.each(
    promotionStatuses.filter(
      status => !['gated', 'awaiting_approval', 'approved'].includes(status),
    ),
  )('does not begin once it is %s', (status: PromotionStatus) => {
    expect(movePromotion({ ...waiting, status }, begin())).toHaveProperty(
      'refusal',
    );
  });

  it('does not begin once its time is over', () => {
    expect(
      movePromotion({ ...waiting, expiresAt: at }, begin()),
    ).toHaveProperty('refusal');
  });

  it('does not begin twice', () => {
    expect(movePromotion(begun(), begin({ by: omar }))).toHaveProperty(
      'refusal',
    );
  });

  it('that nobody gives any more can be given again, with the voices kept', () => {
    expect(moved(begun(), { type: 'lapse-review', at })).toEqual({
      state: begun(),
      events: [],
    });

    const { state, events } = moved(begun(), {
      type: 'lapse-review',
      at: late,
    });

    expect(state).toMatchObject({
      status: 'approved',
      voices: [{ by: omar }, { by: ines }],
    });
    expect(state.reviewing).toBeUndefined();
    expect(state.decided).toBeUndefined();
    expect(events.map(({ type }) => type)).toEqual([
      'approved',
      'all-approved',
    ]);
    expect(movePromotion(state, begin({ voice: undefined }))).toHaveProperty(
      'state.status',
      'executing',
    );
  });

  it.each<[PromotionInput, string[]]>([
    [{ type: 'deployed', at: late }, ['approved', 'let-through', 'deployed']],
    [
      { type: 'withdraw', at: late, text: 'Ended.', rejected: false },
      ['approved', 'let-through', 'cancelled'],
    ],
    [
      { type: 'fail', at: late, failure: { message: 'It broke.' } },
      ['approved', 'let-through', 'failed'],
    ],
  ])('is told before what comes of it: %j', (input, types) => {
    const { state, events } = moved(begun(), input);

    expect(state.reviewing).toBeUndefined();
    expect(events.map(({ type }) => type)).toEqual(types);
  });

  it.each<PromotionInput['type']>([
    'finish-review',
    'undo-review',
    'lapse-review',
  ])('that is not under way is not changed by %s', type => {
    expect(moved(waiting, { type, at: late } as PromotionInput)).toEqual({
      state: waiting,
      events: [],
    });
  });
});
