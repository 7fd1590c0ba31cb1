import {
  Condition,
  PromotionStatus,
  ReadinessFacts,
} from '@vvp/backstage-plugin-deploy-common';
import {
  both,
  condition,
  decideOver,
  EARLIER,
  ofIssuer,
  promotion,
  question,
} from './__testUtils__/decideOver';
import { StoredPromotion } from './rows';

const decisionOf = (
  promotions: StoredPromotion[],
  judged?: Parameters<typeof decideOver>[1],
  asked = question,
) => decideOver(promotions, judged).decider.decisionOf(asked);

describe('a later job of a run', () => {
  it.each<PromotionStatus>(['executing', 'verifying', 'succeeded'])(
    'goes in as the first one did, of a promotion that is %s',
    async status => {
      const voice = { by: 'user:default/omar', at: EARLIER, seen: 'it' };
      const lapsed = { at: EARLIER, reason: 'He left.' };

      const { decision, comment } = await decisionOf([
        promotion({
          status,
          state: {
            voices: [
              voice,
              { ...voice, by: 'user:default/ida', lapsed } as never,
            ],
          },
        }),
      ]);

      expect(decision).toBe('approve');
      expect(comment).toContain('omar');
      expect(comment).not.toContain('ida');
    },
  );

  it.each<Condition['kind']>(['lock', 'freeze', 'quarantine', 'artifact'])(
    'waits while the %s stands in the way, and not once it is waived',
    async kind => {
      const decided = (state: Condition['state']) =>
        decisionOf([promotion()], { conditions: [condition(kind, state)] });

      expect(await decided('unmet')).toMatchObject({
        decision: 'wait',
        comment: expect.stringContaining('It is unmet'),
      });
      expect((await decided('pending')).decision).toBe('wait');
      expect((await decided('waived')).decision).toBe('approve');
      expect((await decided('met')).decision).toBe('approve');
    },
  );

  it.each([
    ['rollback', 'wait'],
    // It goes by which release is newer.
    ['promotion', 'approve'],
  ])('beside a %s: %s', async (kind, decision) => {
    expect(
      await decisionOf([promotion()], {
        conditions: [condition('operation', 'pending')],
        running: { id: 'other', kind: kind as 'rollback' },
      }),
    ).toMatchObject({ decision });
  });

  it('is held up by nothing else that was asked of the first one', async () => {
    const { decision } = await decisionOf([promotion()], {
      conditions: [condition('gate', 'unmet'), condition('approval', 'unmet')],
    });

    expect(decision).toBe('approve');
  });

  it('waits while nobody knows whether a newer one went in', async () => {
    const { decision } = await decisionOf([promotion()], {
      conditions: [condition('outdated', 'pending')],
    });

    expect(decision).toBe('wait');
  });

  it.each<[ReadinessFacts['relation'], string]>([
    ['newer', 'approve'],
    ['same', 'approve'],
    ['older', 'wait'],
    ['unrelated', 'wait'],
  ])(
    'of a release that is %s than what runs there: %s',
    async (relation, decision) => {
      expect(await decisionOf([promotion()], { relation })).toMatchObject({
        decision,
      });
    },
  );

  it('waits where its release is no longer known', async () => {
    expect(await decisionOf([promotion()], { isUnknown: true })).toMatchObject({
      decision: 'wait',
    });
  });

  it.each<[PromotionStatus, string]>([
    ['executing', 'wait'],
    ['succeeded', 'wait'],
    ['cancelled', 'reject'],
  ])(
    'does not follow one that went in past the portal: %s, %s',
    async (status, decision) => {
      expect(
        await decisionOf([promotion({ status, state: { bypassed: true } })]),
      ).toMatchObject({ decision });
    },
  );

  it('goes in only if all may that wait there', async () => {
    const undecided = promotion({ ...ofIssuer, status: 'gated' });
    const rejected = promotion({ ...ofIssuer, status: 'rejected' });

    expect(await decisionOf([promotion(), undecided], {}, both)).toMatchObject({
      decision: 'wait',
    });
    expect(await decisionOf([promotion(), rejected], {}, both)).toMatchObject({
      decision: 'reject',
      comment: expect.stringContaining('The promotion is rejected'),
    });
    expect(
      await decisionOf([promotion(), promotion(ofIssuer)], {}, both),
    ).toMatchObject({ decision: 'approve' });
  });
});

describe('a job whose promotion is not decided', () => {
  it.each<PromotionStatus>(['gated', 'awaiting_approval', 'approved'])(
    'waits, and is told for what: %s',
    async status => {
      const { decision, comment } = await decisionOf([promotion({ status })], {
        conditions: [
          condition('approval', 'unmet'),
          condition('soak', 'pending'),
          condition('gate', 'met'),
          condition('freeze', 'waived'),
        ],
      });

      expect(decision).toBe('wait');
      expect(comment.match(/It is \w+/g)).toEqual([
        'It is unmet',
        'It is pending',
      ]);
    },
  );
});

describe('the promotion of another run, or of an earlier attempt', () => {
  const otherRun = promotion({ run_id: '99' });
  const overBefore = promotion({
    status: 'succeeded',
    finished_at: '2026-01-05T10:59:59.999Z',
  });
  const overSince = promotion({ status: 'succeeded', finished_at: EARLIER });

  it.each<[string, string, StoredPromotion]>([
    ['another run', 'wait', otherRun],
    ['an attempt that was over before it asked', 'wait', overBefore],
    ['an attempt that was over after it asked', 'approve', overSince],
  ])('is of %s to a job that asks: %s', async (_case, decision, stored) => {
    expect(await decisionOf([stored])).toMatchObject({ decision });
  });

  it.each<[string, boolean, StoredPromotion, number]>([
    ['of the attempt that brought it in', true, overBefore, 1],
    ['of the next attempt', false, overBefore, 2],
    ['of another run', false, { ...overBefore, run_id: '99' }, 1],
    [
      'of the attempt whose release went out again',
      false,
      { ...overBefore, status: 'rolled_back' },
      1,
    ],
    [
      'of an attempt that went in past the portal',
      false,
      { ...overBefore, state: { ...overBefore.state, bypassed: true } },
      1,
    ],
  ])(
    'once it was over speaks for a job %s: %s',
    async (_case, speaks, stored, attempt) => {
      const { decider, requests } = decideOver([
        { ...stored, deployment_id: '1' },
      ]);
      const asked = { ...question, attempt };

      await decider.onAsked(asked);

      expect(requests).toHaveLength(speaks ? 0 : 1);
      expect((await decider.decisionOf(asked)).decision).toBe(
        speaks ? 'approve' : 'wait',
      );
    },
  );

  it.each<[string, boolean, StoredPromotion[]]>([
    ['that nobody asked for yet', true, []],
    ['whose promotion is under way', false, [promotion()]],
    ['that another run brings', false, [otherRun]],
    [
      'that another run brought, and that is over',
      true,
      [{ ...otherRun, finished_at: EARLIER }],
    ],
    ['that no run brings yet', true, [promotion({ run_id: null })]],
    ['that is run again', true, [overBefore]],
  ])('has a release asked for %s: %s', async (_case, isAsked, stored) => {
    const { decider, requests } = decideOver(stored);

    await decider.onAsked(question);

    const asked = {
      releaseId: 'release of verifier',
      class: 'regular',
      by: 'user:default/dana',
      runId: '100',
    };
    expect(requests).toMatchObject(isAsked ? [asked] : []);
  });

  it('is asked for in the name of the login of whom the catalog does not know', async () => {
    const { decider, requests } = decideOver([]);

    await decider.onAsked({ ...question, creatorLogin: 'octocat' });
    await decider.onAsked({ ...question, creatorLogin: undefined });

    expect(requests).toMatchObject([
      { by: 'github:octocat' },
      { by: 'github:unknown' },
    ]);
  });
});
