import { TargetSpec } from '@vvp/backstage-plugin-deploy-common';
import { canaryChecks } from './canaryChecks';
import { changingChecks } from './changingChecks';
import { crashChecks } from './crashChecks';
import { DriveOptions } from './drivePlan';
import { readingChecks } from './readingChecks';
import { Subject } from './Subject';
import { TargetCheck } from './TargetCheck';
import { CanaryTargetHarness, TargetHarness } from './TargetHarness';

/** How long a test of the kit may take, in milliseconds, unless said otherwise. */
const TEST_TIMEOUT_MS = 120_000;

/** Everything that a target has to do. */
export const targetChecks = [
  ...readingChecks,
  ...changingChecks,
  ...crashChecks,
];

/**
 * How the kit runs plans.
 *
 * @public
 */
export interface DescribeTargetOptions
  extends Pick<DriveOptions, 'stepLimitMs' | 'longestWaitMs'> {
  /** Of each test. Default 120,000. */
  testTimeoutMs?: number;
  /**
   * How many deaths of a process are tried out of all that are possible while a plan is carried out, and again
   * while it is undone; evenly spread. At least 2. Default 16.
   */
  mostDeaths?: number;
}

/**
 * Declares the tests that every target has to pass, within a test file of Jest. Each is on a platform of
 * its own.
 *
 * @param startHarness - starts a platform and a target that drives it; called once or more for each test
 * @public
 */
export function describeTarget<TSpec extends TargetSpec>(
  name: string,
  startHarness: () => Promise<TargetHarness<TSpec>>,
  options: DescribeTargetOptions = {},
): void {
  describe(`${name} as a target`, () => {
    declareChecks(targetChecks, startHarness, options);
  });
}

/**
 * Declares the tests that a target with {@link DeployTarget.canary} has to pass besides those of
 * {@link describeTarget}.
 *
 * @param startHarness - as for {@link describeTarget}, with how a release begins as a canary
 * @public
 */
export function describeCanary<TSpec extends TargetSpec>(
  name: string,
  startHarness: () => Promise<CanaryTargetHarness<TSpec>>,
  options: DescribeTargetOptions = {},
): void {
  describe(`a canary at ${name}`, () => {
    declareChecks(canaryChecks, startHarness, options);
  });
}

function declareChecks<TSpec extends TargetSpec>(
  checks: readonly TargetCheck[],
  startHarness: () => Promise<TargetHarness<TSpec>>,
  options: DescribeTargetOptions,
): void {
  const { testTimeoutMs = TEST_TIMEOUT_MS, ...driveOptions } = options;
  it.each(checks)(
    '$title',
    async check => {
      const started: TargetHarness<TSpec>[] = [];
      const renew = async () => {
        const harness = await startHarness();
        started.push(harness);
        return new Subject(harness, driveOptions) as unknown as Subject;
      };
      try {
        await check.run(await renew(), renew);
      } finally {
        for (const harness of started) {
          await harness.stop();
        }
      }
    },
    testTimeoutMs,
  );
}
