import { GateState, TestSummary } from '@vvp/backstage-plugin-deploy-common';

/**
 * How a run of tests ended, in a word. A run without a single test that passed has not passed.
 *
 * @internal
 */
export function testVerdict(summary: TestSummary): {
  state: GateState;
  text: string;
} {
  if (summary.failed > 0) {
    return { state: 'fail', text: 'Failed' };
  }
  if (summary.passed === 0) {
    return { state: 'none', text: 'Nothing ran' };
  }
  return {
    state: 'pass',
    text: summary.flaky > 0 ? 'Passed, flaky' : 'Passed',
  };
}
