import { GateResult } from '@vvp/backstage-plugin-deploy-common';
import { FailedTest, FeedbackInput, ServiceFeedback } from '../types';

/** A gate that fails, for tests. */
export function gate(more: Partial<GateResult> = {}): GateResult {
  return {
    id: 'gate-1',
    name: 'coverage',
    title: 'Coverage',
    environment: 'production',
    state: 'fail',
    reason: 'Line coverage is 70 %, at least 79 % is asked.',
    checks: [],
    evidenceType: 'coverage',
    evidenceIds: [],
    carriedForward: false,
    ...more,
  };
}

/** A service without anything to say, for tests. */
export function service(more: Partial<ServiceFeedback> = {}): ServiceFeedback {
  return {
    entityRef: 'component:default/vvp-verifier',
    title: 'Verifier',
    detailsUrl: 'https://portal.example.test/verifier',
    gates: [],
    ...more,
  };
}

/** A failed test, for tests. */
export function failedTest(more: Partial<FailedTest> = {}): FailedTest {
  return {
    suite: 'unit',
    name: 'verifies',
    outcome: 'failed',
    flaky: false,
    ...more,
  };
}

/** Feedback about a commit, for tests. */
export function input(...services: ServiceFeedback[]): FeedbackInput {
  return {
    repository: 'example-org/vvp',
    commit: 'abcdef0123'.repeat(4),
    services,
  };
}
