import { DeployApi } from '@vvp/backstage-plugin-deploy-common';
import { ActionRequest } from '../../logic/actions';

/**
 * What came of an action: an operation to be watched, or something that is done already.
 *
 * @internal
 */
export type ActionResult = { operationId: string } | { said: string };

/**
 * Something that can be done to an environment or a release, in one dialog.
 *
 * @internal
 */
export interface Action {
  title: string;
  /** What it does, whole sentences. */
  text: string;
  submit: string;
  busy: string;
  /** "The restart was not started". */
  failed: string;
  asks: { reason?: boolean; expiry?: boolean };
  run(
    deployApi: DeployApi,
    request: ActionRequest,
    idempotencyKey: string,
  ): Promise<ActionResult>;
}

/**
 * Where an action is done.
 *
 * @internal
 */
export interface Place {
  entityRef: string;
  environment: string;
}

/**
 * Puts a release in again.
 *
 * @param release - how people call it
 * @internal
 */
export function redeploy(
  place: Place,
  commit: string,
  release: string,
): Action {
  const { entityRef, environment } = place;
  return {
    title: `Redeploy ${release} to ${environment}`,
    text: 'The release is put in again as it was built, and verified. If that fails, what ran before is put back.',
    submit: 'Redeploy',
    busy: 'Starting…',
    failed: 'The redeployment was not started',
    asks: { reason: true },
    run: async (deployApi, { reason, confirm }, idempotencyKey) =>
      started(
        await deployApi.redeploy(
          entityRef,
          environment,
          { commit, reason, ...(confirm && { confirm }) },
          { idempotencyKey },
        ),
      ),
  };
}

/**
 * Runs the pipeline for the service although nothing of it changed.
 *
 * @internal
 */
export function forceDeploy(place: Place): Action {
  const { entityRef, environment } = place;
  return {
    title: `Force a deployment to ${environment}`,
    text: 'The pipeline runs for this service alone, although nothing of it has changed.',
    submit: 'Force the deployment',
    busy: 'Starting…',
    failed: 'The deployment was not started',
    asks: { reason: true },
    run: async (deployApi, { reason, confirm }, idempotencyKey) =>
      started(
        await deployApi.redeploy(
          entityRef,
          environment,
          { reason, ...(confirm && { confirm }) },
          { idempotencyKey },
        ),
      ),
  };
}

/**
 * Starts what runs anew.
 *
 * @internal
 */
export function restart(place: Place): Action {
  const { entityRef, environment } = place;
  return {
    title: `Restart ${environment}`,
    text: 'What runs there is started anew. The release stays the same. Where only one instance runs, the service is away for a moment.',
    submit: 'Restart',
    busy: 'Starting…',
    failed: 'The restart was not started',
    asks: { reason: true },
    run: async (deployApi, { reason, confirm }, idempotencyKey) =>
      started(
        await deployApi.restart(
          entityRef,
          environment,
          { reason, ...(confirm && { confirm }) },
          { idempotencyKey },
        ),
      ),
  };
}

/**
 * Runs the failed jobs of a deployment's run again.
 *
 * @param release - how people call it
 * @internal
 */
export function rerunFailedJobs(
  deploymentId: string,
  release: string,
  environment: string,
): Action {
  return {
    title: `Re-run the failed jobs of ${release} in ${environment}`,
    text: 'GitHub runs the failed jobs of the run again, those of other environments, too, and what waits for them. A job that is held at an environment of GitHub is held again.',
    submit: 'Re-run the failed jobs',
    busy: 'Starting…',
    failed: 'The re-run was not started',
    asks: { reason: true },
    run: async (deployApi, { reason, confirm }, idempotencyKey) =>
      started(
        await deployApi.rerunFailedJobs(
          deploymentId,
          { reason, ...(confirm && { confirm }) },
          { idempotencyKey },
        ),
      ),
  };
}

/**
 * Runs the integration tests.
 *
 * @internal
 */
export function rerunTests(place: Place): Action {
  const { entityRef, environment } = place;
  return {
    title: `Run the integration tests against ${environment}`,
    text: 'The workflow that deploy.yaml names is started. What runs there is not changed.',
    submit: 'Run the tests',
    busy: 'Starting…',
    failed: 'The tests were not started',
    asks: {},
    run: async (deployApi, _request, idempotencyKey) =>
      started(
        await deployApi.rerunTests(entityRef, environment, { idempotencyKey }),
      ),
  };
}

/**
 * Stops an environment.
 *
 * @internal
 */
export function lock(place: Place): Action {
  const { entityRef, environment } = place;
  return {
    title: `Lock ${environment}`,
    text: 'Nothing is deployed, rolled back or restarted through the portal until the lock ends. Everybody sees who set it and why.',
    submit: 'Lock',
    busy: 'Locking…',
    failed: 'The environment was not locked',
    asks: { reason: true, expiry: true },
    run: async (deployApi, { reason, expiresAt }) => {
      await deployApi.lockEnvironment(entityRef, environment, {
        reason,
        ...(expiresAt && { expiresAt }),
      });
      return { said: `${environment} is locked.` };
    },
  };
}

/**
 * Releases the lock of an environment.
 *
 * @param reason - of the lock
 * @internal
 */
export function unlock(place: Place, reason: string): Action {
  const { entityRef, environment } = place;
  return {
    title: `Unlock ${environment}`,
    text: `It was locked for a reason: “${reason}”`,
    submit: 'Unlock',
    busy: 'Unlocking…',
    failed: 'The lock was not released',
    asks: {},
    run: async deployApi => {
      await deployApi.unlockEnvironment(entityRef, environment);
      return { said: `${environment} is unlocked.` };
    },
  };
}

/**
 * Stops automatic promotion.
 *
 * @internal
 */
export function hold(place: Place): Action {
  const { entityRef, environment } = place;
  return {
    title: `Hold ${environment}`,
    text: 'Nothing goes there by itself until the hold is lifted, or a person promotes another release. People can still act.',
    submit: 'Set the hold',
    busy: 'Setting…',
    failed: 'The hold was not set',
    asks: { reason: true },
    run: async (deployApi, { reason }) => {
      await deployApi.setHold(entityRef, environment, { reason });
      return { said: `${environment} is on hold.` };
    },
  };
}

/**
 * Lets automatic promotion go on.
 *
 * @param reason - of the hold
 * @internal
 */
export function liftHold(place: Place, reason: string): Action {
  const { entityRef, environment } = place;
  return {
    title: `Lift the hold of ${environment}`,
    text: `Releases go there by themselves again. It was set for a reason: “${reason}”`,
    submit: 'Lift the hold',
    busy: 'Lifting…',
    failed: 'The hold was not lifted',
    asks: {},
    run: async deployApi => {
      await deployApi.liftHold(entityRef, environment);
      return { said: `The hold of ${environment} is lifted.` };
    },
  };
}

/**
 * Keeps a release from being deployed anywhere.
 *
 * @param release - how people call it
 * @internal
 */
export function quarantine(releaseId: string, release: string): Action {
  return {
    title: `Quarantine ${release}`,
    text: 'The release is not deployed, redeployed or rolled back to in any environment until the quarantine is lifted. What runs now goes on.',
    submit: 'Quarantine',
    busy: 'Quarantining…',
    failed: 'The release was not quarantined',
    asks: { reason: true },
    run: async (deployApi, { reason }) => {
      await deployApi.quarantineRelease(releaseId, { reason });
      return { said: `${release} is quarantined.` };
    },
  };
}

/**
 * Lets a release be deployed again.
 *
 * @internal
 */
export function liftQuarantine(
  releaseId: string,
  release: string,
  reason: string,
): Action {
  return {
    title: `Lift the quarantine of ${release}`,
    text: `The release can be deployed again. It was quarantined for a reason: “${reason}”`,
    submit: 'Lift the quarantine',
    busy: 'Lifting…',
    failed: 'The quarantine was not lifted',
    asks: {},
    run: async deployApi => {
      await deployApi.liftQuarantine(releaseId);
      return { said: `The quarantine of ${release} is lifted.` };
    },
  };
}

/**
 * Keeps a revision from being put back where it is, for its release is not known.
 *
 * @internal
 */
export function quarantineRevision(place: Place, revision: string): Action {
  const { entityRef, environment } = place;
  return {
    title: `Quarantine ${revision}`,
    text: `The revision is not put back into ${environment} until the quarantine is lifted. What runs now goes on.`,
    submit: 'Quarantine',
    busy: 'Quarantining…',
    failed: 'The revision was not quarantined',
    asks: { reason: true },
    run: async (deployApi, { reason }) => {
      await deployApi.quarantineRevision(entityRef, environment, revision, {
        reason,
      });
      return { said: `${revision} is quarantined.` };
    },
  };
}

/**
 * Lets a revision be put back again.
 *
 * @param revision - the one that the quarantine was set on
 * @param reason - of the quarantine
 * @internal
 */
export function liftRevisionQuarantine(
  place: Place,
  revision: string,
  reason: string,
): Action {
  const { entityRef, environment } = place;
  return {
    title: `Lift the quarantine of ${revision}`,
    text: `The revision can be put back into ${environment} again. It was quarantined for a reason: “${reason}”`,
    submit: 'Lift the quarantine',
    busy: 'Lifting…',
    failed: 'The quarantine was not lifted',
    asks: {},
    run: async deployApi => {
      await deployApi.liftRevisionQuarantine(entityRef, environment, revision);
      return { said: `The quarantine of ${revision} is lifted.` };
    },
  };
}

function started({ id }: { id: string }): ActionResult {
  return { operationId: id };
}
