import {
  activeStatuses,
  promotionStatuses,
} from '@vvp/backstage-plugin-deploy-common';
import {
  approvalCondition,
  freezeCondition,
  sampleCondition,
  samplePromotion,
  sampleReadiness,
  sampleRelease,
} from '../__testUtils__/promotionSamples';
import {
  approvalsText,
  decidedStatuses,
  groupByRun,
  groupConditions,
  isPromotionOver,
  isUndecided,
  overridableConditions,
  promotionTexts,
  readinessText,
  reasonProblem,
  releaseName,
  waitingText,
} from './promotions';

describe('promotionTexts', () => {
  it.each(promotionStatuses)('has a word for %s', status => {
    expect(promotionTexts[status].label).not.toBe('');
    expect(decidedStatuses.includes(status)).toBe(
      !activeStatuses.includes(status),
    );
  });
});

describe('groupConditions', () => {
  it('puts each condition where it belongs, and leaves out empty groups', () => {
    const groups = groupConditions([
      freezeCondition(),
      sampleCondition(),
      approvalCondition(),
      sampleCondition({ id: 'soak', kind: 'soak' }),
    ]);

    expect(
      groups.map(({ key, conditions }) => [
        key,
        conditions.map(({ id }) => id),
      ]),
    ).toEqual([
      ['fitness', ['gate:coverage', 'soak']],
      ['approvals', ['approval:1']],
      ['moment', ['freeze:weekend']],
    ]);
    expect(groupConditions([freezeCondition()]).map(({ key }) => key)).toEqual([
      'moment',
    ]);
  });
});

describe('readinessText', () => {
  it.each([
    ['ready', [], 'Every condition is met.'],
    ['blocked', ['unmet'], '1 of 1 condition is not met.'],
    [
      'blocked',
      ['unmet', 'unmet', 'pending', 'met'],
      '2 of 4 conditions are not met, 1 is pending.',
    ],
    ['pending', ['pending', 'pending'], '2 of 2 conditions are pending.'],
    ['pending', ['pending', 'met'], '1 of 2 conditions is pending.'],
    ['blocked', ['met'], 'It is not ready.'],
  ] as const)('%s with %j: %s', (state, states, text) => {
    const conditions = states.map(each => sampleCondition({ state: each }));

    expect(readinessText({ state, conditions })).toBe(text);
  });
});

describe('approvalsText', () => {
  const at = '2026-11-21T10:00:00Z';
  const voice = { by: 'user:default/omar', at };
  const lapsed = { ...voice, lapsed: { at, why: 'changed' } };

  it.each([
    [[], 0, 'No approval is needed'],
    [[], 1, '0 of 1 approval'],
    [[voice], 2, '1 of 2 approvals'],
    [[voice, lapsed], 2, '1 of 2 approvals'],
    [[voice, voice, voice], 2, '2 of 2 approvals'],
  ])('%j of %d: %s', (approvals, requiredApprovals, text) => {
    expect(approvalsText({ approvals, requiredApprovals })).toBe(text);
  });
});

it.each`
  counted | more     | text
  ${0}    | ${false} | ${undefined}
  ${1}    | ${false} | ${{ count: '1', spoken: '1 waits for you' }}
  ${3}    | ${false} | ${{ count: '3', spoken: '3 wait for you' }}
  ${20}   | ${true}  | ${{ count: '20+', spoken: 'more than 20 wait for you' }}
`('says how many of $counted wait for the user', given => {
  expect(waitingText(given.counted, given.more)).toEqual(given.text);
});

describe('overridableConditions', () => {
  it('offers only what is open and may be passed over', () => {
    const conditions = [
      sampleCondition({ id: 'a', state: 'unmet', overridable: true }),
      sampleCondition({ id: 'b', state: 'pending', overridable: true }),
      sampleCondition({ id: 'c', state: 'met', overridable: true }),
      sampleCondition({ id: 'd', state: 'waived', overridable: true }),
      sampleCondition({ id: 'e', state: 'unmet', overridable: false }),
    ];

    const offered = overridableConditions({
      readiness: sampleReadiness({ conditions }),
    });

    expect(offered.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(overridableConditions({})).toEqual([]);
  });
});

describe('isUndecided and isPromotionOver', () => {
  it.each([
    ['gated', true, false],
    ['approved', true, false],
    ['executing', false, false],
    ['verifying', false, false],
    ['succeeded', false, true],
    ['expired', false, true],
  ] as const)('%s', (status, undecided, over) => {
    expect(isUndecided({ status })).toBe(undecided);
    expect(isPromotionOver({ status })).toBe(over);
  });
});

describe('groupByRun', () => {
  it('puts those of one run together and leaves the others alone', () => {
    const run = (runId: string) => ({ runId, attempt: 1 });

    const groups = groupByRun([
      samplePromotion({ id: 'a', run: run('1') }),
      samplePromotion({ id: 'b', run: undefined }),
      samplePromotion({ id: 'c', run: run('1') }),
      samplePromotion({ id: 'd', run: undefined }),
    ]);

    expect(
      groups.map(({ promotions }) => promotions.map(({ id }) => id)),
    ).toEqual([['a', 'c'], ['b'], ['d']]);
  });
});

describe('releaseName and reasonProblem', () => {
  it('names the commit, and the version where there is one', () => {
    expect(releaseName(sampleRelease())).toBe('v1.5.0, 9f8e7d6');
    expect(releaseName(sampleRelease({ version: undefined }))).toBe('9f8e7d6');
  });

  it.each([
    ['', true],
    ['   short   ', true],
    ['long enough', false],
  ])('%j is a problem: %s', (text, problem) => {
    expect(reasonProblem(text) !== undefined).toBe(problem);
  });
});
