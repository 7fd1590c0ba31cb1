import { Waiver } from '../model';
import { judgeGate } from './judgeGate';
import { summariseGates } from './summariseGates';
import {
  commit,
  factsOf,
  hoursAgo,
  now,
  ReportDocument,
  reportOf,
  ruleOf,
} from './testing';
import { GateEvidence } from './types';

const rule = ruleOf({
  name: 'coverage',
  title: 'Coverage',
  evidence: { type: 'coverage' },
  metric: { name: 'lines' },
  minimum: 80,
});

function report(
  percent: number,
  options?: Parameters<typeof reportOf>[1],
  more?: ReportDocument,
): GateEvidence {
  return reportOf({ coverage: { lines: [percent, 100] }, ...more }, options);
}

const at = (hours: number) => ({ measuredAt: hoursAgo(hours) });
const waiver: Waiver = {
  id: 'waiver-1',
  grantedBy: 'user:default/dana',
  reason: 'hotfix',
  grantedAt: hoursAgo(1),
  expiresAt: hoursAgo(-1),
};

describe('the result of a gate', () => {
  it('names values, commit, age and evidence', () => {
    const measured = report(76, at(2));

    const result = judgeGate(rule, factsOf({ evidence: [measured] }));

    expect(result).toEqual({
      name: 'coverage',
      title: 'Coverage',
      environment: 'production',
      state: 'fail',
      reason: 'Line coverage is 76 %, at least 80 % is asked.',
      checks: [
        {
          operator: 'mustExist',
          state: 'pass',
          reason: 'Measured on 1111111.',
        },
        {
          operator: 'minimum',
          state: 'fail',
          reason: 'Line coverage is 76 %, at least 80 % is asked.',
          actual: 76,
          threshold: 80,
          unit: 'percent',
        },
      ],
      actual: 76,
      threshold: 80,
      unit: 'percent',
      evidenceType: 'coverage',
      evidenceIds: [measured.evidence.id],
      measuredCommit: commit,
      measuredAt: hoursAgo(2),
      ageSeconds: 7200,
      carriedForward: false,
    });
  });

  it('of a gate that passes names its values, too', () => {
    const result = judgeGate(rule, factsOf({ evidence: [report(81)] }));

    expect(result).toMatchObject({ state: 'pass', actual: 81, threshold: 80 });
  });

  it('is none for a rule that asks for nothing', () => {
    expect(judgeGate(ruleOf({}), factsOf())).toMatchObject({
      state: 'none',
      reason: 'The rule asks for nothing.',
    });
  });

  it('fails before it is pending', () => {
    const both = { ...rule, soak: { environment: 'staging', seconds: 60 } };

    expect(judgeGate(both, factsOf({ evidence: [report(9)] })).state).toBe(
      'fail',
    );
    expect(judgeGate(both, factsOf({ evidence: [report(90)] })).state).toBe(
      'pending',
    );
  });
});

describe('missing evidence', () => {
  it.each([
    [1.99, 'pending', 'yet; it is awaited until 2026-11-21 12:00 UTC.'],
    [2, 'fail', 'after 2 hours. Run the pipeline for this commit again.'],
  ])('%p hours after the release appeared is %s', (hours, state, reason) => {
    const facts = factsOf({ release: { commit, since: hoursAgo(hours) } });
    const result = judgeGate(rule, facts);

    expect(result).toMatchObject({ state, evidenceIds: [] });
    expect(result.reason).toContain(reason);
  });

  it('of an environment is awaited from the deployment there', () => {
    const here = {
      ...rule,
      evidence: { type: 'coverage', environment: 'here' },
    } as const;
    const deployed = { production: { since: hoursAgo(1) } };

    expect(judgeGate(here, factsOf()).state).toBe('fail');
    expect(judgeGate(here, factsOf({ deployed })).state).toBe('pending');
    expect(judgeGate(here, factsOf()).afterDeployment).toBe(true);
    expect(judgeGate(rule, factsOf()).afterDeployment).toBeUndefined();
  });

  it('fails at once if nobody knows since when', () => {
    const facts = factsOf({ release: { commit, since: 'once' } });

    expect(judgeGate(rule, facts).state).toBe('fail');
  });

  it('names all that the report must have', () => {
    const evidence = {
      type: 'test',
      suite: 'e2e',
      mode: 'azure',
      tool: 'pytest',
      environment: 'previous',
    } as const;

    expect(judgeGate({ ...rule, evidence }, factsOf()).reason).toContain(
      'There is no test report of the suite e2e in mode azure by pytest measured in staging for 1111111',
    );
  });
});

describe('of several reports', () => {
  it('of one kind the last measured one counts, however they are ordered', () => {
    const older = report(90, at(2));
    const newer = report(70, at(1));

    for (const evidence of [
      [older, newer],
      [newer, older],
    ]) {
      expect(judgeGate(rule, factsOf({ evidence }))).toMatchObject({
        state: 'fail',
        evidenceIds: [newer.evidence.id],
      });
    }
  });

  it('of one kind by two versions of a tool the last measured one counts', () => {
    const older = report(70, { ...at(2), tool: 'coverage.py 7.5.1' });
    const newer = report(90, { ...at(1), tool: 'coverage.py 7.6' });

    expect(
      judgeGate(rule, factsOf({ evidence: [older, newer] })),
    ).toMatchObject({ state: 'pass', evidenceIds: [newer.evidence.id] });
  });

  it.each([
    [{ suite: 'unit' }, { suite: 'integration' }],
    [{ mode: 'local' }, { mode: 'azure' }],
    [{ tool: 'Trivy 1' }, { tool: 'pip-audit 1' }],
    [{ environment: 'staging' }, { environment: 'production' }],
    [{ format: 'lcov' }, { format: 'jacoco' }],
  ] as const)('of the kinds %p and %p all must hold', (one, other) => {
    const good = report(90, { ...at(1), ...one });
    const bad = report(70, { ...at(2), ...other });
    const result = judgeGate(rule, factsOf({ evidence: [good, bad] }));

    expect(result).toMatchObject({
      state: 'fail',
      actual: 70,
      evidenceIds: [good.evidence.id, bad.evidence.id],
      measuredAt: bad.evidence.measuredAt,
    });
    expect(result.reason).toMatch(/^.+: Line coverage is 70 %/);
  });

  it('only those that the rule selects count', () => {
    const unit = {
      ...rule,
      evidence: { type: 'coverage', suite: 'unit' },
    } as const;
    const evidence = [
      report(70, { suite: 'integration' }),
      report(90, { suite: 'unit' }),
    ];

    expect(judgeGate(unit, factsOf({ evidence }))).toMatchObject({
      state: 'pass',
      evidenceIds: [evidence[1].evidence.id],
    });
  });
});

describe('a report of another commit', () => {
  it('is carried forward if nothing changed since, and is marked', () => {
    const evidence = [report(90, { relation: 'unchanged' })];
    const result = judgeGate(rule, factsOf({ evidence }));

    expect(result).toMatchObject({
      state: 'pass',
      carriedForward: true,
      measuredCommit: '2'.repeat(40),
    });
    expect(result.checks[0].reason).toBe(
      'Measured on 2222222, carried forward: nothing of the service changed since.',
    );
  });

  it('gives way to one of the very commit, even if that is older', () => {
    const evidence = [
      report(90, { relation: 'unchanged', ...at(1) }),
      report(70, at(2)),
    ];

    expect(judgeGate(rule, factsOf({ evidence }))).toMatchObject({
      state: 'fail',
      carriedForward: false,
    });
  });

  it('counts for nothing if the service changed since', () => {
    const evidence = [report(90, { relation: 'changed' })];
    const result = judgeGate(rule, factsOf({ evidence }));

    expect(result).toMatchObject({ state: 'fail', evidenceIds: [] });
    expect(result.reason).toContain(
      'The last one is of 2222222, since when the service changed.',
    );
  });

  it('is pending while it is not known whether the service changed', () => {
    const evidence = [
      report(90, { relation: 'unknown', ...at(1) }),
      report(90, { relation: 'unchanged', ...at(2) }),
    ];
    const result = judgeGate(rule, factsOf({ evidence }));

    expect(result.state).toBe('pending');
    expect(result.reason).toBe(
      'It is not known yet whether the service changed between 2222222, the last commit that was measured, and 1111111.',
    );
  });

  it('is older than one that serves, so that it does not matter', () => {
    const evidence = [
      report(90, { relation: 'changed', ...at(1) }),
      report(90, { relation: 'unchanged', ...at(2) }),
      report(90, { relation: 'unknown', ...at(3) }),
    ];

    expect(judgeGate(rule, factsOf({ evidence })).state).toBe('pass');
  });

  it('awaits one of the very commit where the rule asks for it', () => {
    const evidence = [report(90, { relation: 'unchanged' })];
    const facts = { evidence, release: { commit, since: now } };

    expect(judgeGate({ ...rule, sameCommit: true }, factsOf(facts)).state).toBe(
      'pending',
    );
  });
});

describe('a report of a pull request', () => {
  const evidence = [report(90, { pullRequest: 7 })];

  it('opens no gate of a release', () => {
    expect(judgeGate(rule, factsOf({ evidence })).state).toBe('fail');
  });

  it.each([
    [7, 'pass'],
    [8, 'fail'],
  ])('judged for the pull request %p: %s', (pullRequest, state) => {
    const facts = factsOf({ evidence, pullRequest });

    expect(judgeGate(rule, facts).state).toBe(state);
  });
});

describe('a waiver', () => {
  it('lets through what fails, and the reason still says what fails', () => {
    const facts = factsOf({ evidence: [report(70)], waiver });
    const result = judgeGate(rule, facts);

    expect(result).toMatchObject({ state: 'waived', waiver, actual: 70 });
    expect(result.reason).toBe(
      'Line coverage is 70 %, at least 80 % is asked. Waived by user:default/dana until 2026-11-21 13:00 UTC.',
    );
    expect(result.checks[1].state).toBe('fail');
  });

  it('lets through what is pending', () => {
    const release = { commit, since: now };

    expect(judgeGate(rule, factsOf({ release, waiver })).state).toBe('waived');
  });

  it('is not used by a gate that passes', () => {
    const result = judgeGate(rule, factsOf({ evidence: [report(90)], waiver }));

    expect(result.state).toBe('pass');
    expect(result.waiver).toBeUndefined();
  });

  it.each([now, hoursAgo(0.01), 'never'])(
    'expired at %s counts no more',
    expiresAt => {
      const result = judgeGate(
        rule,
        factsOf({ waiver: { ...waiver, expiresAt } }),
      );

      expect(result.state).toBe('fail');
      expect(result.waiver).toBeUndefined();
    },
  );

  it('opens no gate that asks for nothing', () => {
    expect(judgeGate(ruleOf({}), factsOf({ waiver })).state).toBe('none');
  });
});

describe('all gates together', () => {
  const result = (state: 'pass' | 'fail' | 'pending' | 'waived' | 'none') => ({
    id: state,
    ...judgeGate(rule, factsOf()),
    state,
  });

  it.each([
    [[], 'none'],
    [['none'], 'none'],
    [['none', 'pass'], 'pass'],
    [['pass', 'waived'], 'waived'],
    [['waived', 'pending', 'pass'], 'pending'],
    [['pass', 'pending', 'fail', 'waived'], 'fail'],
  ] as const)('%p are %s', (states, expected) => {
    const release = { commit, version: '1.2.3' };
    const results = states.map(result);

    expect(summariseGates(release, results)).toEqual({
      release,
      state: expected,
      results,
    });
  });

  it.each([
    [['pass'], 'pass'],
    [['fail', 'pass'], 'fail'],
    [[], 'pending'],
  ] as const)(
    '%p beside what only the environment can tell are %s',
    (states, expected) => {
      const awaited = {
        ...result('pending'),
        afterDeployment: true,
        evidenceIds: [],
      };

      expect(
        summariseGates({ commit }, [awaited, ...states.map(result)]).state,
      ).toBe(expected);
    },
  );
});

describe('reports of one kind', () => {
  const findings = ruleOf({
    evidence: { type: 'security' },
    metric: { name: 'findings' },
    maximum: 0,
  });
  const run = (runId: string, attempt = 1) =>
    ({
      provenance: {
        kind: 'github-oidc',
        repository: 'example-org/vvp',
        ref: 'refs/heads/main',
        sha: commit,
        workflow: 'example-org/vvp/.github/workflows/scan.yml@refs/heads/main',
        runId,
        attempt,
        event: 'push',
      },
    } as const);
  const scan = (high: number, options: Parameters<typeof reportOf>[1]) =>
    reportOf({ security: { code: { high } }, tool: 'CodeQL 2.19' }, options);

  it('of one run stand beside each other: a clean leg hides no other', () => {
    const legs = [
      scan(3, { ...run('7'), ...at(2) }),
      scan(0, { ...run('7'), ...at(1) }),
    ];

    for (const evidence of [legs, [...legs].reverse()]) {
      expect(judgeGate(findings, factsOf({ evidence }))).toMatchObject({
        state: 'fail',
        actual: 3,
      });
    }
  });

  it.each([
    ['another run', run('8')],
    ['another attempt', run('7', 2)],
    ['somebody who is no job', {}],
  ])('are replaced by those of %s', (_, later) => {
    const evidence = [
      scan(3, { ...run('7'), ...at(2) }),
      scan(0, { ...later, ...at(1) }),
    ];

    expect(judgeGate(findings, factsOf({ evidence })).state).toBe('pass');
  });

  it('and commit count as they came in, whatever their own clocks say', () => {
    const evidence = [
      scan(3, {
        ...run('8'),
        measuredAt: hoursAgo(5),
        receivedAt: hoursAgo(1),
      }),
      scan(0, {
        ...run('7'),
        measuredAt: hoursAgo(1),
        receivedAt: hoursAgo(2),
      }),
    ];

    expect(judgeGate(findings, factsOf({ evidence })).state).toBe('fail');
  });
});

describe('findings of a category', () => {
  const secrets = ruleOf({
    evidence: { type: 'security' },
    metric: { name: 'findings', categories: ['secret'] },
    maximum: 0,
  });

  it.each([
    ['gitleaks 8.21', 'pass'],
    ['Trivy 0.53', 'pass'],
    ['some scanner', 'pass'],
    ['CodeQL 2.19', 'fail'],
    ['ESLint 9', 'fail'],
  ])('are shown to be absent by %s: %s', (tool, state) => {
    const evidence = [reportOf({ security: {}, tool })];

    expect(judgeGate(secrets, factsOf({ evidence })).state).toBe(state);
  });
});

describe('a baseline', () => {
  const slow = ruleOf({
    evidence: { type: 'performance' },
    metric: { name: 'build.time' },
    baseline: {
      by: 10,
      kind: 'percent',
      over: 10,
      atLeast: 3,
      worse: 'higher',
    },
  });
  const took = (seconds: number, suite: string, earlier: number[]) => ({
    ...reportOf({
      performance: [{ metric: 'build.time', value: seconds, unit: 's' }],
      suite,
    }),
    history: earlier.map(value => ({ value, unit: 'ms' })),
  });

  it('is compared in one unit', () => {
    const evidence = [took(600, 'build', [120_000, 120_000, 120_000])];

    expect(judgeGate(slow, factsOf({ evidence }))).toMatchObject({
      state: 'fail',
      threshold: 132,
    });
  });

  it('is that of the same kind', () => {
    const evidence = [
      took(900, 'fast', [100_000, 101_000, 102_000]),
      took(1000, 'slow', [1_000_000, 1_001_000, 1_002_000]),
    ];

    expect(judgeGate(slow, factsOf({ evidence })).state).toBe('fail');
  });
});
