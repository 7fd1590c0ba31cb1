import { DeploymentTestsPayload } from './payload';
import { toDeploymentTests } from './toDeploymentTests';

function payload(
  changes: Partial<DeploymentTestsPayload> = {},
): DeploymentTestsPayload {
  return {
    git_sha: 'a'.repeat(40),
    passed: true,
    total_tests: 12,
    passed_tests: 12,
    failed_tests: 0,
    duration_seconds: 42,
    issuer_url: 'https://vvp-issuer.example.test',
    verifier_url: 'https://vvp-verifier.example.test',
    errors: [],
    ...changes,
  };
}

describe('toDeploymentTests', () => {
  it('makes a green run a report of the suite after the deployment', () => {
    expect(toDeploymentTests(payload())).toMatchObject({
      type: 'test',
      format: 'deployment-tests',
      suite: 'post-deployment',
      mode: 'azure',
      totals: {
        total: 12,
        passed: 12,
        failed: 0,
        skipped: 0,
        flaky: 0,
        suites: 1,
        durationSeconds: 42,
      },
      suites: [expect.objectContaining({ name: 'post-deployment', total: 12 })],
      notable: [],
    });
  });

  it('takes what is neither passed nor failed for skipped', () => {
    const { totals } = toDeploymentTests(payload({ passed_tests: 10 }));

    expect(totals).toMatchObject({ total: 12, passed: 10, skipped: 2 });
  });

  it.each([
    ['every test passed', { total_tests: 12, passed_tests: 12 }, 13],
    ['no test was run', { total_tests: 0, passed_tests: 0 }, 1],
  ])(
    'counts a failure for a run that failed although %s',
    (_case, counts, total) => {
      const report = toDeploymentTests(payload({ passed: false, ...counts }));

      expect(report.totals).toMatchObject({ total, failed: 1 });
      expect(report.notable).toEqual([
        expect.objectContaining({ name: 'the test run', outcome: 'failed' }),
      ]);
    },
  );

  it('names the tests that failed, from the lines of pytest', () => {
    const { notable } = toDeploymentTests(
      payload({
        passed: false,
        passed_tests: 9,
        failed_tests: 3,
        errors: [
          'tests/integration/test_chains.py::TestChain::test_deep[3] FAILED [ 25%]',
          'tests/integration/test_flow.py::test_revoke ERROR                [ 50%]',
          '=== short test summary info ===',
          'FAILED tests/integration/test_chains.py::TestChain::test_deep[3] - TimeoutError: 5 s',
          'ERROR tests/integration/test_flow.py::test_revoke',
          'FAILED tests/integration/test_flow.py::test_issue - assert 500 == 200',
        ],
      }),
    );

    expect(notable).toEqual([
      {
        suite: 'post-deployment',
        file: 'tests/integration/test_chains.py',
        className: 'TestChain',
        name: 'test_deep[3]',
        outcome: 'failed',
        flaky: false,
        message: 'TimeoutError: 5 s',
      },
      {
        suite: 'post-deployment',
        file: 'tests/integration/test_flow.py',
        name: 'test_revoke',
        outcome: 'failed',
        flaky: false,
      },
      expect.objectContaining({
        name: 'test_issue',
        message: 'assert 500 == 200',
      }),
    ]);
  });

  it.each([
    ['a.py::test_a[x y] FAILED [ 25%]', 'test_a[x y]'],
    ['a.py::test_a FAILED FAILED', 'test_a'],
    ['a.py::test_a\tERROR', 'test_a'],
    ['a.py::test_a[FAILED] \n FAILED', 'test_a[FAILED]'],
    ['a.py:: b FAILED', ' b'],
    ['::a FAILED', 'tests without names'],
    ['a.py:: FAILED', 'tests without names'],
    ['a.py::test_a FAILEDLY', 'tests without names'],
    ['a.py::test_a\nb FAILED', 'tests without names'],
    ['a.py test_a::b FAILED', 'tests without names'],
    ['a.py::test_a', 'tests without names'],
    ['', 'tests without names'],
    [`${'a::'.repeat(6_000)} ${' '.repeat(1_900)}x`, 'tests without names'],
    [`a::${'b '.repeat(9_000)}`, 'tests without names'],
  ])('reads %j as %j', (line, expected) => {
    const { notable } = toDeploymentTests(
      payload({
        passed: false,
        passed_tests: 11,
        failed_tests: 1,
        errors: [line],
      }),
    );

    expect(notable.map(({ name }) => name)).toEqual([expected]);
  });

  it('keeps errors that name no test', () => {
    const { notable } = toDeploymentTests(
      payload({
        passed: false,
        passed_tests: 11,
        failed_tests: 1,
        errors: ['connection refused', 'x'.repeat(20_000)],
      }),
    );

    expect(notable).toEqual([
      expect.objectContaining({ message: 'connection refused' }),
    ]);
    expect(notable[0].trace).toHaveLength(10_000);
  });

  it('does not believe errors of a run that passed', () => {
    const { notable } = toDeploymentTests(
      payload({ errors: ['FAILED tests/a.py::test_a'] }),
    );

    expect(notable).toEqual([]);
  });
});
