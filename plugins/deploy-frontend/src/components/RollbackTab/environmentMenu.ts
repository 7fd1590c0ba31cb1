import { EnvironmentOverview } from '@vvp/backstage-plugin-deploy-common';
import { releaseText } from '../../logic/revisions';
import {
  Action,
  forceDeploy,
  hold,
  liftHold,
  lock,
  redeploy,
  rerunTests,
  restart,
  unlock,
} from '../operations';

/**
 * What can be asked for in an environment, by what is known of it. Whether it is let through, the backend
 * decides.
 *
 * @internal
 */
export function environmentMenu(
  entityRef: string,
  environment: EnvironmentOverview,
): { label: string; action: Action }[] {
  const place = { entityRef, environment: environment.name };
  const release = environment.currentDeployment?.release;
  return [
    ...(release
      ? [
          {
            label: 'Redeploy what runs…',
            action: redeploy(
              place,
              release.commit,
              releaseText(release) ?? release.commit,
            ),
          },
        ]
      : []),
    { label: 'Restart…', action: restart(place) },
    { label: 'Run the integration tests…', action: rerunTests(place) },
    { label: 'Force a deployment…', action: forceDeploy(place) },
    environment.lock
      ? { label: 'Unlock…', action: unlock(place, environment.lock.reason) }
      : { label: 'Lock…', action: lock(place) },
    environment.hold
      ? {
          label: 'Lift the hold…',
          action: liftHold(place, environment.hold.reason),
        }
      : { label: 'Hold…', action: hold(place) },
  ];
}
