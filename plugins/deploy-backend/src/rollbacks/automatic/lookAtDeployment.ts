import { stringifyError } from '@backstage/errors';
import { TargetHealth } from '@vvp/backstage-plugin-deploy-common';
import { DrivenEnvironment } from '../../targets/TargetEnvironments';
import { inTime } from '../../targets/inTime';
import { WatchLook } from '../../verification/watchVerdict';
import { DeployedRelease, servesRelease } from './servesRelease';

/** How long a question to the platform may take. */
const LOOK_MS = 10_000;

/**
 * Looks once at a fresh deployment: how what serves is, and whether that is the deployment's release. Never
 * throws: a platform that cannot be asked says nothing about the deployment.
 *
 * @param last - what served at the look before: a platform is asked what is in it only once
 */
export async function lookAtDeployment(
  { target, environment }: DrivenEnvironment,
  release: DeployedRelease,
  last: WatchLook['serving'],
): Promise<WatchLook> {
  try {
    if (last) {
      const { serving, health } = await inTime(LOOK_MS, signal =>
        target.verify(environment, last.revision, signal),
      );
      if (serving === last.revision) {
        return { ...healthOf(health), serving: last };
      }
    }
    const current = await inTime(LOOK_MS, signal =>
      target.currentRevision(environment, signal),
    );
    const health = await inTime(LOOK_MS, signal =>
      target.health(environment, signal),
    );
    const isThis = current && servesRelease(current, release);
    return {
      ...healthOf(health),
      ...(current &&
        isThis !== undefined && {
          serving: {
            revision: current.id,
            isThis,
            ...(current.commit && { commit: current.commit }),
          },
        }),
    };
  } catch (error) {
    return { health: 'unknown', reason: stringifyError(error) };
  }
}

function healthOf({ state, reason, ready, wanted }: TargetHealth): WatchLook {
  return {
    health: state,
    ...(reason && { reason }),
    ...(ready !== undefined && { ready }),
    ...(wanted !== undefined && { wanted }),
  };
}
