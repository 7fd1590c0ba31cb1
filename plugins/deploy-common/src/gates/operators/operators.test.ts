import { judgeGate } from '../judgeGate';
import { factsOf, hoursAgo, reportOf, ruleOf } from '../testing';
import { GateFacts, GateRule } from '../types';
import { gateOperators } from '.';

const coverage = {
  evidence: { type: 'coverage' },
  metric: { name: 'lines' },
} as const;
const security = {
  evidence: { type: 'security' },
  metric: { name: 'findings' },
} as const;
const latency = {
  evidence: { type: 'performance' },
  metric: { name: 'latency.avg', unit: 'ms' },
} as const;

const lines = (covered: number) =>
  reportOf({ coverage: { lines: [covered, 100] } });
const took = (value: number) =>
  reportOf({ performance: [{ metric: 'latency.avg', value, unit: 'ms' }] });
const ofEarlier = reportOf(
  { coverage: { lines: [90, 100] } },
  { relation: 'unchanged' },
);
const baseline = {
  by: 10,
  kind: 'percent',
  over: 10,
  atLeast: 3,
  worse: 'higher',
} as const;

/** For each operator: a rule with it, facts that hold, and facts that do not. */
const cases: Record<
  string,
  {
    rule: Partial<GateRule>;
    holds: Parameters<typeof factsOf>[0];
    doesNot: Parameters<typeof factsOf>[0];
    reason: string;
  }
> = {
  mustExist: {
    rule: { evidence: coverage.evidence },
    holds: { evidence: [lines(1)] },
    doesNot: {},
    reason:
      'There is no coverage report for 1111111 after 2 hours. Run the pipeline for this commit again.',
  },
  sameCommit: {
    rule: { ...coverage, minimum: 80, sameCommit: true },
    holds: { evidence: [lines(90)] },
    doesNot: { evidence: [ofEarlier] },
    reason:
      'The last report is of 2222222; one of 1111111 itself is asked, and there is none after 2 hours.',
  },
  completed: {
    rule: { ...security, maximum: 0 },
    holds: { evidence: [reportOf({ security: {} })] },
    doesNot: { evidence: [reportOf({ security: { completed: false } })] },
    reason:
      'The scan did not come to its end, so that it proves nothing. Run it again.',
  },
  maxAge: {
    rule: { ...coverage, minimum: 80, maxAgeSeconds: 1800 },
    holds: { evidence: [lines(90)] },
    doesNot: {
      evidence: [reportOf({ hoursAgo: 0.6, coverage: { lines: [90, 100] } })],
    },
    reason:
      'The report is 36 minutes old, at most 30 minutes is asked. Measure again.',
  },
  minimum: {
    rule: { ...coverage, minimum: 79 },
    holds: { evidence: [lines(79)] },
    doesNot: {
      evidence: [reportOf({ coverage: { lines: [78996, 100_000] } })],
    },
    reason: 'Line coverage is 78.996 %, at least 79 % is asked.',
  },
  maximum: {
    rule: { ...security, maximum: 1 },
    holds: { evidence: [reportOf({ security: { code: { high: 1 } } })] },
    doesNot: { evidence: [reportOf({ security: { code: { info: 2 } } })] },
    reason: 'The number of findings is 2, at most 1 is asked.',
  },
  moreThan: {
    rule: { ...coverage, moreThan: 60 },
    holds: { evidence: [lines(61)] },
    doesNot: { evidence: [lines(60)] },
    reason: 'Line coverage is 60 %, more than 60 % is asked.',
  },
  lessThan: {
    rule: { ...latency, lessThan: 2000 },
    holds: { evidence: [took(1999.999)] },
    doesNot: { evidence: [took(2000)] },
    reason: 'latency.avg is 2000 ms, less than 2000 ms is asked.',
  },
  noWorseThanBaseline: {
    rule: { ...latency, baseline },
    holds: { evidence: [took(110)], history: [90, 100, 400] },
    doesNot: { evidence: [took(110.001)], history: [90, 100, 400] },
    reason:
      'latency.avg is 110.001 ms, no higher than 110 ms is asked: 100 ms is the median of the last 3, and 10 % worse is allowed.',
  },
  passedIn: {
    rule: { passedIn: 'previous' },
    holds: { elsewhere: { staging: 'pass', development: 'fail' } },
    doesNot: { elsewhere: { staging: 'fail', development: 'pass' } },
    reason: '1111111 does not pass this gate in staging.',
  },
  succeededIn: {
    rule: { succeededIn: 'staging' },
    holds: { deployed: { staging: { since: hoursAgo(1) } } },
    doesNot: { deployed: { production: { since: hoursAgo(1) } } },
    reason: '1111111 was not deployed to staging with success yet.',
  },
  soak: {
    rule: { soak: { environment: 'previous', seconds: 3600 } },
    holds: { deployed: { staging: { since: hoursAgo(1) } } },
    doesNot: { deployed: { staging: { since: hoursAgo(0.75) } } },
    reason:
      '1111111 runs in staging for 45 minutes, 1 hour is asked; that is reached at 2026-11-21 12:15 UTC.',
  },
};

describe('every operator', () => {
  it('has a case here', () => {
    expect(Object.keys(cases)).toEqual(gateOperators.map(({ name }) => name));
  });

  it.each(Object.entries(cases))('%s lets pass', (_, { rule, holds }) => {
    expect(judgeGate(ruleOf(rule), factsOf(holds)).state).toBe('pass');
  });

  it.each(Object.entries(cases))(
    '%s decides and says why',
    (operator, { rule, doesNot, reason }) => {
      const result = judgeGate(ruleOf(rule), factsOf(doesNot));

      expect(result.reason).toBe(reason);
      expect(['fail', 'pending']).toContain(result.state);
      expect(result.checks).toContainEqual(
        expect.objectContaining({ operator, state: result.state, reason }),
      );
    },
  );

  it.each(gateOperators)('$name is missed when it is left out', ({ name }) => {
    const { rule, doesNot } = cases[name];
    const others = gateOperators.filter(operator => operator.name !== name);
    const result = judgeGate(ruleOf(rule), factsOf(doesNot));
    const without = judgeGate(ruleOf(rule), factsOf(doesNot), others);

    expect(without.state).not.toBe(result.state);
  });
});

describe('a baseline', () => {
  it.each([
    ['lower is worse', { worse: 'lower' }, [100, 100, 100], 90, 'pass'],
    ['lower is worse', { worse: 'lower' }, [100, 100, 100], 89.99, 'fail'],
    ['absolute', { kind: 'absolute', by: 5 }, [100, 100, 100], 105, 'pass'],
    ['absolute', { kind: 'absolute', by: 5 }, [100, 100, 100], 105.01, 'fail'],
    [
      'only the last',
      { over: 3 },
      [10, 10, 10, 500, 500, 500, 500],
      50,
      'fail',
    ],
    ['of nothing', {}, [0, 0, 0], 0, 'pass'],
    ['of nothing', {}, [0, 0, 0], 0.001, 'fail'],
    ['of too few', {}, [100, 100], 1, 'pending'],
    ['of none', {}, [], 1, 'pending'],
    ['of none, said to be enough', { atLeast: 0 }, [], 1, 'pass'],
    ['of one, said to be enough', { atLeast: 1 }, [1], 2, 'fail'],
    ['without numbers', {}, [NaN, NaN, Infinity, 1], 1, 'pending'],
  ] as const)('%s: %p of %p, %p', (_, options, history, value, state) => {
    const rule = ruleOf({ ...latency, baseline: { ...baseline, ...options } });
    const facts = factsOf({ evidence: [took(value)], history: [...history] });

    expect(judgeGate(rule, facts).state).toBe(state);
  });

  it('says how many values are missing', () => {
    const rule = ruleOf({ ...latency, baseline });
    const facts = factsOf({ evidence: [took(12)], history: [11] });

    expect(judgeGate(rule, facts).reason).toBe(
      'latency.avg is 12 ms, but only 1 of 3 earlier values are there to compare with.',
    );
  });
});

describe('changed lines', () => {
  const rule = ruleOf({
    evidence: { type: 'coverage' },
    metric: { name: 'changed-lines' },
    minimum: 80,
  });
  const changing = (
    changedLines: [number, number] | undefined,
    changedLineCount?: number,
  ) =>
    judgeGate(
      rule,
      factsOf({
        evidence: [
          reportOf({
            coverage: { lines: [1, 100], changedLines, changedLineCount },
          }),
        ],
      }),
    );

  it.each([
    ['covered', [80, 100], 100, 'pass', 'is 80 %, at least 80 % is asked'],
    ['missed', [79, 100], 100, 'fail', 'is 79 %, at least 80 % is asked'],
    ['few', [0, 19], 19, 'pass', 'changes 19 lines; fewer than 20 are exempt'],
    ['one', [0, 1], 1, 'pass', 'changes 1 line; fewer than 20 are exempt'],
    ['no longer few', [0, 20], 20, 'fail', 'is 0 %, at least 80 % is asked'],
    ['many, of which few are code', [0, 3], 20, 'fail', 'is 0 %, at least'],
    ['no code', [0, 0], 90, 'pass', 'counts none of the 90 lines that 1111111'],
  ] as const)('%s: %p of %p', (_, lines_, changed, state, reason) => {
    const result = changing([...lines_], changed);

    expect(result.state).toBe(state);
    expect(result.reason).toContain(reason);
  });

  it('fail with a remedy if GitHub does not tell them all', () => {
    const report = { ...lines(100), changeTooLarge: true };

    expect(judgeGate(rule, factsOf({ evidence: [report] }))).toMatchObject({
      state: 'fail',
      reason: expect.stringContaining('smaller parts'),
    });
  });

  it('are pending while the change is not known', () => {
    expect(changing(undefined)).toMatchObject({
      state: 'pending',
      reason: 'It is not known yet which lines 1111111 changes.',
    });
  });
});

describe('another environment', () => {
  it.each([
    [
      'waived',
      'pass',
      'is waived for 1111111 in staging, which counts as passed',
    ],
    ['pending', 'pending', 'is pending for 1111111 in staging'],
    ['none', 'fail', 'staging has no gate of this name'],
    [undefined, 'pending', 'is pending for 1111111 in staging'],
  ] as const)('where the gate is %s', (there, state, reason) => {
    const elsewhere: GateFacts['elsewhere'] = there ? { staging: there } : {};
    const result = judgeGate(
      ruleOf({ passedIn: 'staging' }),
      factsOf({ elsewhere }),
    );

    expect(result.state).toBe(state);
    expect(result.reason).toContain(reason);
  });

  it.each([
    { passedIn: 'previous' },
    { succeededIn: 'previous' },
    { soak: { environment: 'previous', seconds: 1 } },
  ])('before the first fails: %p', rule => {
    const result = judgeGate(
      ruleOf(rule),
      factsOf({
        previousEnvironment: undefined,
        elsewhere: { previous: 'pass' },
        deployed: { previous: { since: hoursAgo(9) } },
      }),
    );

    expect(result.state).toBe('fail');
    expect(result.reason).toContain('this is the first');
  });

  it.each([
    ['not there yet', undefined, 'pending', 'does not run in staging yet'],
    [
      'replaced too early',
      { since: hoursAgo(5), until: hoursAgo(4.5) },
      'fail',
      'ran in staging for 30 minutes only, until 2026-11-21 07:30 UTC; 1 hour is asked',
    ],
    [
      'replaced after long enough',
      { since: hoursAgo(5), until: hoursAgo(4) },
      'pass',
      'ran in staging for 1 hour',
    ],
    ['at no time', { since: 'never' }, 'pending', 'runs in staging'],
  ] as const)('soaking: %s', (_, staging, state, reason) => {
    const result = judgeGate(
      ruleOf({ soak: { environment: 'staging', seconds: 3600 } }),
      factsOf({ deployed: staging ? { staging } : {} }),
    );

    expect(result.state).toBe(state);
    expect(result.reason).toContain(reason);
  });
});

describe('a number that is none', () => {
  it.each([NaN, Infinity, -Infinity])('never passes: %p', value => {
    const rule = ruleOf({ ...latency, minimum: -1, lessThan: 2000 });
    const result = judgeGate(rule, factsOf({ evidence: [took(value)] }));

    expect(result.state).toBe('fail');
  });

  it.each([
    [
      { name: 'branches' },
      'Branch coverage is not told by this cobertura report.',
    ],
  ])('is said: %p', (metric, reason) => {
    const rule = ruleOf({ ...coverage, metric, minimum: 1 });

    expect(judgeGate(rule, factsOf({ evidence: [lines(9)] }))).toMatchObject({
      state: 'fail',
      reason,
    });
  });

  it('was measured in another kind of unit', () => {
    const rule = ruleOf({
      ...latency,
      metric: { name: 'latency.avg', unit: 'MB' },
      lessThan: 1,
    });

    expect(judgeGate(rule, factsOf({ evidence: [took(9)] }))).toMatchObject({
      state: 'fail',
      reason: 'latency.avg was measured in ms, which cannot be told in MB.',
    });
  });

  it('was not measured, but others were', () => {
    const rule = ruleOf({
      ...latency,
      metric: { name: 'latency.p95', scenario: 'stress' },
      lessThan: 1,
    });

    expect(judgeGate(rule, factsOf({ evidence: [took(9)] }))).toMatchObject({
      state: 'fail',
      reason:
        'latency.p95 of the scenario stress was not measured. The report has latency.avg.',
    });
  });

  it('is an age that cannot be told', () => {
    const rule = ruleOf({ ...coverage, maxAgeSeconds: 9e9 });
    const report = reportOf(
      { coverage: { lines: [1, 1] } },
      { measuredAt: 'yesterday' },
    );

    expect(judgeGate(rule, factsOf({ evidence: [report] })).state).toBe('fail');
  });
});
