import { NewStep } from '@vvp/backstage-plugin-deploy-backend/src/operations/engine/types';
import type { TargetSpec } from '@vvp/backstage-plugin-deploy-common';
import type { TargetHarness } from '@vvp/backstage-plugin-deploy-node/testUtils';

/** Longer than the process that takes over lives in the future. */
const TIMEOUT_SECONDS = 3_600;

/**
 * The rollback of a harness to its previous revision, as an operation.
 *
 * @param fails - whether something fails after the last step, and all is undone
 */
export async function planOf<TSpec extends TargetSpec>(
  harness: Pick<TargetHarness<TSpec>, 'target' | 'environment' | 'revisions'>,
  fails: boolean,
): Promise<{ lockKey: string; steps: NewStep[] }> {
  const { target, environment, revisions } = harness;
  const { steps } = await target.planRollback(
    environment,
    revisions.previous,
    AbortSignal.timeout(20_000),
  );
  const failing = { name: 'prove', title: 'Prove', input: {} };
  return {
    lockKey: target.describe(environment).lockKey,
    steps: [
      ...steps.map(step => ({
        ...step,
        runner: 'target',
        timeoutSeconds: TIMEOUT_SECONDS,
      })),
      ...(fails ? [{ ...failing, runner: 'failing' }] : []),
    ],
  };
}
