import { ApprovalRule } from '../promotion/policy';
import { seenBy } from '../promotion/seenBy';
import { Voice } from '../promotion/types';
import { judgeReadiness } from './judgeReadiness';
import {
  clear,
  commit,
  dana,
  gate,
  ines,
  omar,
  paul,
  policy,
  withGates,
} from './testing';
import { ApproverPool, ReadinessFacts } from './types';
import { voiceProblem } from './voiceProblem';

const seen = seenBy({ commit, artifact: 'sha256:abc' });

const voice = (by: string, more: Partial<Voice> = {}): Voice => ({
  by,
  at: '2026-11-20T11:00:00.000Z',
  seen,
  ...more,
});

const named = (...users: string[]): ApproverPool => ({ users, unknown: [] });
const anyone: ApproverPool = { unknown: [] };

function judge(
  rules: (ApprovalRule & { pool: ApproverPool })[],
  voices: Voice[],
  more: Partial<ReadinessFacts> = {},
) {
  return judgeReadiness({
    ...clear,
    policy: {
      ...policy,
      approvals: rules.map(({ pool, ...rule }) => rule),
    },
    pools: rules.map(({ pool }) => pool),
    voices,
    ...more,
  });
}

const team = 'group:default/team';

describe('approvals', () => {
  it('count towards the number that is asked for', () => {
    const rules = [{ required: 2, pool: anyone }];

    expect(judge(rules, [voice(omar)]).conditions.at(-1)).toMatchObject({
      id: 'approval:1',
      state: 'pending',
      reason: '1 of 2 approvals are given, by user:default/omar.',
      clearedBy: { permission: 'deploy.approve' },
      overridable: false,
    });
    expect(judge(rules, [voice(omar), voice(ines)])).toMatchObject({
      state: 'ready',
      approvals: [{ required: 2, approvers: [omar, ines] }],
      standing: { approved: true },
    });
  });

  it.each<[string, Voice[], Partial<ReadinessFacts>]>([
    ['the same voice twice', [voice(omar), voice(omar)], {}],
    [
      'the same person in other letters',
      [voice(omar), voice('User:default/Omar')],
      {},
    ],
    [
      'a voice that saw something else',
      [voice(omar), voice(ines, { seen: 'x' })],
      {},
    ],
    [
      'a voice that lapsed',
      [voice(omar), voice(ines, { lapsed: { at: '', why: '' } })],
      {},
    ],
    ['the requester', [voice(omar), voice(dana)], {}],
    ['an author', [voice(omar), voice(paul)], {}],
    [
      'an author in other letters',
      [voice(omar), voice('user:default/PAUL')],
      {},
    ],
    [
      'somebody who is not named',
      [voice(omar), voice(ines)],
      { pools: [named(omar, paul, dana, 'user:default/eve')] },
    ],
    [
      'anybody, where the pool is missing',
      [voice(omar), voice(ines)],
      { pools: [] },
    ],
    [
      'voices for an earlier artifact',
      [voice(omar), voice(ines)],
      { release: { commit, artifact: 'sha256:def' } },
    ],
    [
      'voices for earlier gate results',
      [voice(omar), voice(ines)],
      withGates(gate('pass')),
    ],
  ])('do not count: %s', (_, voices, facts) => {
    const { standing, approvals } = judge(
      [{ required: 2, pool: anyone }],
      voices,
      facts,
    );

    expect(standing.approved).toBe(false);
    expect(approvals[0].approvers.length).toBeLessThan(2);
  });

  it('of the requester and of authors count where the policy says so', () => {
    const { standing } = judge(
      [{ required: 2, pool: anyone }],
      [voice(dana), voice(paul)],
      {
        policy: { ...policy, selfApproval: true, approvals: [{ required: 2 }] },
      },
    );

    expect(standing).toMatchObject({ approved: true, ineligible: [] });
  });

  it('count for one rule each, shared out so that most is met', () => {
    const rules = [
      { from: [team], required: 1, pool: named(omar, ines) },
      { from: [omar], required: 1, pool: named(omar) },
    ];

    expect(judge(rules, [voice(omar)]).standing.approved).toBe(false);
    expect(judge(rules, [voice(omar), voice(ines)])).toMatchObject({
      approvals: [
        { from: [team], required: 1, approvers: [ines] },
        { from: [omar], required: 1, approvers: [omar] },
      ],
      standing: { approved: true },
    });
  });

  it('tell whose voice no longer counts, and why', () => {
    const { standing } = judge(
      [{ from: [team], required: 1, pool: named(omar, dana, paul) }],
      [voice(ines), voice(dana), voice(paul), voice(omar)],
    );

    expect(standing.ineligible).toEqual([
      { by: ines, why: expect.stringMatching(/no longer/) },
      { by: dana, why: expect.stringMatching(/asked for this promotion/) },
      { by: paul, why: expect.stringMatching(/wrote a commit/) },
    ]);
    expect(standing.approved).toBe(true);
  });

  it.each<[string, (ApprovalRule & { pool: ApproverPool })[], RegExp]>([
    [
      'nobody is known',
      [{ from: [team], required: 1, pool: { users: [], unknown: [team] } }],
      /never be met: .* asked for is 1, and that of the people who may give them 0.*does not know group:default\/team/,
    ],
    [
      'too few are named',
      [{ required: 2, pool: named(omar) }],
      /asked for is 2, and that of the people who may give them 1/,
    ],
    [
      'the same is named twice',
      [{ required: 2, pool: named(omar, 'user:default/OMAR') }],
      /asked for is 2, and that of the people who may give them 1/,
    ],
    [
      'those named are involved',
      [{ required: 1, pool: named(dana, paul) }],
      /asked for is 1, and that of the people who may give them 0/,
    ],
    [
      'one would have to speak for two rules',
      [
        { required: 1, pool: named(omar) },
        { required: 1, pool: named(omar) },
      ],
      /one voice counts for one rule/,
    ],
    [
      'the number is none',
      [{ required: NaN, pool: anyone }],
      /NaN approvals are asked for/,
    ],
  ])('can never be met: %s', (_, rules, reason) => {
    const { conditions, state, standing } = judge(rules, [voice(omar)]);

    expect(state).toBe('blocked');
    expect(standing.approved).toBe(false);
    expect(conditions).toContainEqual(
      expect.objectContaining({
        kind: 'approval',
        state: 'unmet',
        reason: expect.stringMatching(reason),
      }),
    );
  });

  it('are pending, with a note, if one name is unknown and others are not', () => {
    const { conditions } = judge(
      [
        {
          from: [team, ines],
          required: 1,
          pool: { users: [ines], unknown: [team] },
        },
      ],
      [],
      { involved: { requester: dana, authors: [], incomplete: true } },
    );

    expect(conditions.at(-1)).toMatchObject({
      title: 'Approval by group:default/team and user:default/ines',
      state: 'pending',
      reason:
        '0 of 1 approvals are given. The catalog does not know group:default/team. Not every author of the release could be told.',
      clearedBy: { people: [team, ines] },
    });
  });

  it('can be told beforehand', () => {
    const facts = {
      policy: { ...policy, approvals: [{ required: 1 }] },
      pools: [named(omar, dana)],
      involved: { requester: dana, authors: [paul] },
    };

    expect(voiceProblem(facts, omar)).toBeUndefined();
    expect(voiceProblem(facts, dana)).toMatch(/nobody approves their own/);
    expect(voiceProblem(facts, ines)).toMatch(/not, or no longer/);
    expect(voiceProblem({ ...facts, policy, pools: [] }, ines)).toBeUndefined();
  });
});
