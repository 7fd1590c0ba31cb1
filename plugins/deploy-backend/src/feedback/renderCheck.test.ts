import { GateState } from '@vvp/backstage-plugin-deploy-common';
import { failedTest, gate, input, service } from './__testUtils__/feedback';
import {
  renderCheck,
  renderChecks,
  renderStatus,
  renderStatuses,
} from './renderCheck';

describe('renderCheck', () => {
  it.each<[GateState, object]>([
    ['pass', { status: 'completed', conclusion: 'success' }],
    ['fail', { status: 'completed', conclusion: 'failure' }],
    ['waived', { status: 'completed', conclusion: 'neutral' }],
    ['pending', { status: 'in_progress' }],
  ])('of a gate that is %s', (state, expected) => {
    const check = renderCheck(gate({ state }), service());

    expect(check).toMatchObject(expected);
    expect(check && 'conclusion' in check).toBe('conclusion' in expected);
  });

  it('says nothing of a gate that nothing is asked of', () => {
    expect(renderCheck(gate({ state: 'none' }), service())).toBeUndefined();
  });

  it('tells name, reason, and where there is more', () => {
    expect(renderCheck(gate(), service())).toMatchObject({
      name: 'deploy / Verifier / coverage (production)',
      title: 'Line coverage is 70 %, at least 79 % is asked.',
      detailsUrl: 'https://portal.example.test/verifier',
      externalId: 'gate-1',
    });
  });

  it('tells every rule, the commit measured, and the waiver', () => {
    const check = renderCheck(
      gate({
        state: 'waived',
        checks: [
          { operator: 'minimum', state: 'fail', reason: 'Too | low.' },
          { operator: 'maxAge', state: 'pass', reason: 'Young enough.' },
        ],
        measuredCommit: 'c'.repeat(40),
        measuredAt: '2026-01-05T12:00:00.000Z',
        carriedForward: true,
        waiver: {
          id: 'waiver-1',
          grantedBy: 'user:default/omar',
          grantedAt: '2026-01-05T12:00:00.000Z',
          expiresAt: '2026-01-06T12:00:00.000Z',
          reason: 'The incident\nbefore @all',
        },
      }),
      service(),
    );

    expect(check?.summary).toContain('| minimum | fail | Too \\| low\\. |');
    expect(check?.summary).toContain('| maxAge | pass | Young enough\\. |');
    expect(check?.summary).toContain('c'.repeat(40));
    expect(check?.summary).toContain('since when nothing changed');
    expect(check?.summary).toContain('Waived by user\\:default/omar until');
    expect(check?.summary).toContain('The incident before @\u200ball');
  });

  it('says the same however old the report has become', () => {
    const young = renderCheck(gate({ ageSeconds: 1 }), service());
    const old = renderCheck(gate({ ageSeconds: 9_999 }), service());

    expect(old).toEqual(young);
  });

  it('keeps within GitHub’s limits whatever it is given', () => {
    const long = 'x'.repeat(100_000);
    const check = renderCheck(
      gate({
        name: long,
        reason: long,
        checks: [{ operator: 'minimum', state: 'fail', reason: long }],
      }),
      service({ title: long }),
    );

    expect(check?.name.length).toBeLessThanOrEqual(170);
    expect(check?.title.length).toBeLessThanOrEqual(200);
    expect(check?.summary.length).toBeLessThanOrEqual(65_535);
  });

  it('keeps long names apart that begin alike', () => {
    const long = 'x'.repeat(200);
    const names = [`${long}1`, `${long}2`].map(
      name => renderCheck(gate({ name }), service())?.name,
    );

    expect(new Set(names).size).toBe(2);
  });

  it('leads to no address but one of the web', () => {
    const detailsUrl = 'data:text/html,alert';

    expect(renderCheck(gate(), service({ detailsUrl }))).not.toHaveProperty(
      'detailsUrl',
    );
  });
});

describe('the annotations of a check run', () => {
  const lines = { covered: 70, total: 100 };

  it('are the uncovered lines as ranges, at the first gate on coverage only', () => {
    const uncovered = [{ path: 'app/main.py', lines: [1, 2, 3, 7] }];
    const gates = [
      gate({ id: 'none', state: 'none' }),
      gate({ id: 'tests', evidenceType: 'test' }),
      gate({ id: 'first' }),
      gate({ id: 'second', name: 'changed-lines' }),
    ];

    const checks = renderChecks(
      input(service({ gates, coverage: { lines, uncovered } })),
    );

    expect(checks.map(check => check.annotations.length)).toEqual([0, 2, 0]);
    expect(checks[1].annotations).toEqual([
      {
        path: 'app/main.py',
        start_line: 1,
        end_line: 3,
        annotation_level: 'warning',
        title: 'Not covered by tests',
        message: 'These 3 changed lines are not run by any test.',
      },
      {
        path: 'app/main.py',
        start_line: 7,
        end_line: 7,
        annotation_level: 'warning',
        title: 'Not covered by tests',
        message: 'This changed line is not run by any test.',
      },
    ]);
  });

  it('are failed tests, at the gate that was judged on their report', () => {
    const failures = [
      failedTest({ name: 'a', file: './a.py', line: 5, evidenceId: 'e2e' }),
      failedTest({ name: 'b', file: 'b.py', evidenceId: 'unknown' }),
      failedTest({ name: 'c', file: 'c.py', message: 'boom', trace: 'at c' }),
    ];
    const gates = [
      gate({ id: '1', evidenceType: 'test', evidenceIds: ['unit'] }),
      gate({ id: '2', evidenceType: 'test', evidenceIds: ['e2e'] }),
    ];

    const [first, second] = renderChecks(
      input(
        service({
          gates,
          tests: { passed: 0, failed: 3, skipped: 0, flaky: 0, failures },
        }),
      ),
    );

    expect(second.annotations).toMatchObject([
      { path: 'a.py', start_line: 5, end_line: 5, title: 'Failed: a' },
    ]);
    expect(first.annotations).toMatchObject([
      { path: 'b.py', start_line: 1, message: expect.stringMatching(/./) },
      { path: 'c.py', message: 'boom', raw_details: 'at c' },
    ]);
  });

  it.each([
    undefined,
    '',
    '/home/runner/work/x/x/a.py',
    '../a.py',
    'a/../../b.py',
    'C:\\a.py',
    'file:///a.py',
  ])('are none for a file %j', file => {
    const tests = {
      passed: 0,
      failed: 1,
      skipped: 0,
      flaky: 0,
      failures: [failedTest({ file })],
    };

    const check = renderChecks(
      input(service({ gates: [gate({ evidenceType: 'test' })], tests })),
    )[0];

    expect(check.annotations).toEqual([]);
  });

  it('are 500 at the most, and the summary tells of the rest', () => {
    const uncovered = [
      { path: 'a.py', lines: Array.from({ length: 510 }, (_, i) => 2 * i + 1) },
    ];

    const [check] = renderChecks(
      input(service({ gates: [gate()], coverage: { lines, uncovered } })),
    );

    expect(check.annotations).toHaveLength(500);
    expect(check.summary).toContain('10 more remarks');
  });
});

describe('renderChecks', () => {
  it('tells services of the same title apart', () => {
    const names = renderChecks(
      input(
        service({ gates: [gate()], entityRef: 'component:default/a' }),
        service({ gates: [gate()], entityRef: 'component:default/b' }),
      ),
    ).map(check => check.name);

    expect(names).toEqual([
      'deploy / component:default/a / coverage (production)',
      'deploy / component:default/b / coverage (production)',
    ]);
  });
});

describe('renderStatus', () => {
  it.each<[GateState, string, string]>([
    ['pass', 'success', 'Fine.'],
    ['fail', 'failure', 'Fine.'],
    ['waived', 'success', 'Waived: Fine.'],
    ['pending', 'pending', 'Fine.'],
  ])('of a gate that is %s', (state, expected, description) => {
    const status = renderStatus(gate({ state, reason: 'Fine.' }), service());

    expect(status).toEqual({
      context: 'deploy / Verifier / coverage (production)',
      state: expected,
      description,
      targetUrl: 'https://portal.example.test/verifier',
    });
  });

  it('keeps within the 140 characters that GitHub takes', () => {
    const reason = 'x'.repeat(200);

    const [status] = renderStatuses(
      input(service({ gates: [gate({ state: 'waived', reason })] })),
    );

    expect(status.description).toHaveLength(140);
    expect(status.description).toMatch(/^Waived: x+…$/);
  });
});
