import { AskedQuestion } from '../protection/types';
import {
  both,
  decideOver,
  EARLIER,
  LATER,
  NOON,
  ofIssuer,
  promotion,
  question,
} from './__testUtils__/decideOver';
import { StoredPromotion } from './rows';

describe('when GitHub is about to be told', () => {
  it('nobody takes back what goes in from then on', async () => {
    const { decider, changes } = decideOver([
      promotion(),
      promotion({ ...ofIssuer, go_ahead_at: EARLIER }),
    ]);

    expect(await decider.onAnswering(both)).toBe(true);
    expect(changes).toEqual([
      ['verifier-1', { go_ahead_at: NOON.toISOString() }],
    ]);
  });

  it('is not told if one of them was taken back', async () => {
    const { decider } = decideOver([
      promotion(),
      promotion({ ...ofIssuer, status: 'cancelled' }),
    ]);

    expect(await decider.onAnswering(both)).toBe(false);
  });

  it('is not told if it is taken back at that moment', async () => {
    const stored = [promotion()];
    const { decider, changes, meanwhile } = decideOver(stored);
    meanwhile.do = () => {
      stored[0] = promotion({ status: 'cancelled' });
    };

    expect(await decider.onAnswering(question)).toBe(false);
    expect(changes).toEqual([]);
  });
});

describe('once GitHub was told', () => {
  it('notes that it goes in, where the process before died over it', async () => {
    const { decider, changes, told } = decideOver([
      promotion(),
      promotion({ ...ofIssuer, go_ahead_at: EARLIER }),
    ]);

    await decider.onAnswered(both, 'approved');

    expect(changes).toEqual([
      ['verifier-1', { go_ahead_at: NOON.toISOString() }],
    ]);
    expect(told).toEqual([]);
  });

  it('withdraws all that waited in the run that was turned away', async () => {
    const { decider, told, changes } = decideOver([
      promotion(),
      promotion({ ...ofIssuer, status: 'rejected' }),
    ]);

    await decider.onAnswered(both, 'rejected');

    expect(told).toMatchObject([
      ['verifier-1', { type: 'withdraw', rejected: false }],
      ['issuer-1', { type: 'withdraw', rejected: false }],
    ]);
    expect(changes).toEqual([]);
  });
});

describe('what was decided at GitHub', () => {
  const reviewing = {
    by: 'user:default/omar',
    until: LATER,
    events: [],
    before: { status: 'approved' as const, voices: [] },
  };
  const toldOf = async (
    stored: StoredPromotion[],
    ...[decision, login, asked = question]: [
      'let-through' | 'rejected' | 'cancelled' | 'gone',
      string?,
      AskedQuestion?,
    ]
  ) => {
    const { decider, told } = decideOver(stored);
    await decider.onDecidedElsewhere(asked, decision, login);
    return told;
  };

  it('is a bypass, of whom the catalog knows', async () => {
    const told = await toldOf([promotion()], 'let-through', 'dana');

    expect(told).toEqual([
      [
        'verifier-1',
        {
          type: 'bypass',
          at: NOON.toISOString(),
          by: 'user:default/dana',
          text: 'dana at GitHub let the job in without asking the portal.',
        },
        undefined,
      ],
    ]);
  });

  it('is the end of the review that an approver gave', async () => {
    const told = await toldOf(
      [promotion({ state: { reviewing } })],
      'let-through',
    );

    expect(told).toEqual([
      [
        'verifier-1',
        { type: 'finish-review', at: NOON.toISOString() },
        { goAheadAt: NOON.toISOString() },
      ],
    ]);
  });

  it.each([
    ['rejected', true, /^dana at GitHub turned the deployment away/],
    ['cancelled', false, /^The run was cancelled/],
    ['gone', false, /^The run no longer waits/],
  ] as const)(
    'withdraws what is not decided: %s',
    async (decision, rejected, text) => {
      const told = await toldOf(
        [promotion({ status: 'approved' })],
        decision,
        'dana',
      );

      expect(told).toMatchObject([
        [
          'verifier-1',
          { type: 'withdraw', rejected, text: expect.stringMatching(text) },
        ],
      ]);
    },
  );

  it('leaves what was let in to its other jobs when one waits no more', async () => {
    expect(await toldOf([promotion()], 'gone')).toEqual([]);
    expect(await toldOf([promotion()], 'cancelled')).toHaveLength(1);
  });

  it('is about all of the run where nobody knows what it deploys', async () => {
    const told = await toldOf(
      [
        promotion({ status: 'gated' }),
        promotion({ ...ofIssuer, status: 'gated' }),
        promotion({ id: 'other', run_id: '99', status: 'gated' }),
      ],
      'cancelled',
      undefined,
      { ...question, concerns: [] },
    );

    expect(told.map(([id]) => id)).toEqual(['verifier-1', 'issuer-1']);
  });

  it('has not come where GitHub still waits: a review that was begun lapses', async () => {
    const { decider, told } = decideOver([
      promotion({ state: { reviewing } }),
      promotion(ofIssuer),
    ]);

    await decider.onReviewAwaited(both);

    expect(told).toEqual(
      [['verifier-1', { type: 'lapse-review', at: NOON.toISOString() }]].map(
        ([id, input]) => [id, input, undefined],
      ),
    );
  });
});
