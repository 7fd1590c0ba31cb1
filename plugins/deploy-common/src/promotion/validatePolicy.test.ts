import { ines, omar, policy } from '../readiness/testing';
import { PromotionPolicy } from './policy';
import { PolicySurroundings, validatePolicy } from './validatePolicy';

const rule = { required: 1 };
const named = (...users: string[]) => ({ users, unknown: [] });

describe('validatePolicy', () => {
  it.each<[string, Partial<PromotionPolicy>, PolicySurroundings]>([
    ['nothing', {}, {}],
    [
      'everything',
      {
        approvals: [{ from: ['group:default/team'], required: 2 }, rule],
        order: { atLeast: 2 },
        soakSeconds: 3600,
        refs: { tags: ['v*'] },
      },
      {
        pools: [named(omar, ines), { unknown: [] }],
        earlier: ['dev', 'staging'],
      },
    ],
    ['an order without anything before', { order: 'all' }, { earlier: [] }],
    ['30 days', { expiresAfterSeconds: 30 * 86_400 }, {}],
    [
      'people of two rules',
      { approvals: [rule, rule] },
      { pools: [named(omar, ines), named(omar)] },
    ],
  ])('finds nothing wrong with %s', (_, own, surroundings) => {
    expect(validatePolicy({ ...policy, ...own }, surroundings)).toEqual([]);
  });

  it.each<[Partial<PromotionPolicy>, PolicySurroundings, string, RegExp]>([
    [
      { approvals: [{ required: 0 }] },
      {},
      'approvals[0].required',
      /^0 approvals/,
    ],
    [
      { approvals: [rule, { required: NaN }] },
      {},
      'approvals[1].required',
      /^NaN approvals/,
    ],
    [
      { approvals: [{ required: 1.5 }] },
      {},
      'approvals[0].required',
      /^1.5 approvals/,
    ],
    [
      { approvals: [{ required: Infinity }] },
      {},
      'approvals[0].required',
      /^Infinity approvals/,
    ],
    [
      { approvals: [{ from: [], required: 1 }] },
      {},
      'approvals[0].from',
      /Nobody is named/,
    ],
    [
      { approvals: [rule] },
      { pools: [{ users: [omar], unknown: ['group:default/x'] }] },
      'approvals[0].from',
      /does not know group:default\/x/,
    ],
    [
      { approvals: [{ required: 2 }] },
      { pools: [named(omar, 'user:default/OMAR')] },
      'approvals[0].required',
      /never be met: 2 approvals are asked for, and the number of people who may give them is 1/,
    ],
    [
      { approvals: [rule, rule] },
      { pools: [named(omar), named(omar)] },
      'approvals[1]',
      /together with the other rules/,
    ],
    [{ order: { atLeast: 0 } }, {}, 'order.atLeast', /^0 environments/],
    [{ order: { atLeast: NaN } }, {}, 'order.atLeast', /^NaN environments/],
    [
      { order: { atLeast: 2 } },
      { earlier: ['dev'] },
      'order.atLeast',
      /never be met: 2 environments are asked for, and the number of those before is 1/,
    ],
    [{ order: 'all', soakSeconds: NaN }, {}, 'soakSeconds', /NaN seconds/],
    [{ order: 'all', soakSeconds: -1 }, {}, 'soakSeconds', /-1 seconds/],
    [{ soakSeconds: 60 }, {}, 'soakSeconds', /no environment to soak in/],
    [
      { order: 'all', soakSeconds: 7 * 86_400 },
      {},
      'expiresAfterSeconds',
      /before its soak time is over/,
    ],
    [{ expiresAfterSeconds: 0 }, {}, 'expiresAfterSeconds', /after 0 seconds/],
    [
      { expiresAfterSeconds: NaN },
      {},
      'expiresAfterSeconds',
      /after NaN seconds/,
    ],
    [
      { expiresAfterSeconds: 30 * 86_400 + 1 },
      {},
      'expiresAfterSeconds',
      /after 2592001 seconds/,
    ],
    [{ refs: {} }, {}, 'refs', /No branch and no tag/],
    [
      { refs: { branches: [], tags: [] } },
      {},
      'refs',
      /never be met by any release/,
    ],
  ])('finds %j wrong', (own, surroundings, path, message) => {
    const findings = validatePolicy({ ...policy, ...own }, surroundings);

    expect(findings).toEqual([
      {
        path,
        message: expect.stringMatching(message),
        remedy: expect.stringMatching(/\.$/),
      },
    ]);
  });
});
