import { activeStatuses } from '../model';
import { planSupersede, RivalPromotion } from './planSupersede';

const rival = (
  id: string,
  relation: RivalPromotion['relation'],
  status: RivalPromotion['status'] = 'gated',
): RivalPromotion => ({ id, relation, status });

describe('planSupersede', () => {
  it.each(activeStatuses)(
    'ends an older one that is not let through: %s',
    status => {
      const undecided = ['gated', 'awaiting_approval', 'approved'];

      expect(planSupersede('1.4.0', [rival('old', 'older', status)])).toEqual({
        supersede: undecided.includes(status) ? ['old'] : [],
        text: 'A newer release was asked for: 1.4.0.',
      });
    },
  );

  it.each(activeStatuses)('is refused by a newer one: %s', status => {
    const plan = planSupersede('1.4.0', [
      rival('old', 'older'),
      rival('new', 'newer', status),
    ]);

    expect(plan).toEqual({
      newer: 'new',
      refusal: {
        message:
          'A newer release than 1.4.0 was asked for already: promotion new.',
        remedy: expect.stringMatching(/cancel/),
      },
    });
  });

  it('finds the one of the same release, whatever else there is', () => {
    expect(
      planSupersede('1.4.0', [rival('new', 'newer'), rival('one', 'same')]),
    ).toEqual({ existing: 'one' });
  });

  it.each(['unrelated', 'unknown'] as const)(
    'leaves alone what is %s',
    relation => {
      expect(planSupersede('1.4.0', [rival('other', relation)])).toMatchObject({
        supersede: [],
      });
    },
  );
});
