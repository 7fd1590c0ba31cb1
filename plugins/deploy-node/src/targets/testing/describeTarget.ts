import { TargetSpec } from '@vvp/backstage-plugin-deploy-common';
import { changingChecks } from './changingChecks';
import { crashChecks } from './crashChecks';
import { DriveOptions } from './drivePlan';
import { readingChecks } from './readingChecks';
import { Subject } from './Subject';
import { TargetHarness } from './TargetHarness';

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
  const { testTimeoutMs = TEST_TIMEOUT_MS, ...driveOptions } = options;
  describe(`${name} as a target`, () => {
    it.each(targetChecks)(
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
  });
}
