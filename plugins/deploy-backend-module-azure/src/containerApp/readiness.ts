import { Replica, Revision } from '@azure/arm-appcontainers';
import { HealthState, TargetHealth } from '@vvp/backstage-plugin-deploy-common';

/** Whether a revision can serve: yes, not yet, or never. */
export interface Readiness {
  state: 'ready' | 'waiting' | 'failed';
  /** In Azure's words. */
  reason: string;
}

/**
 * Reads provisioning, running and health state together; see
 * https://learn.microsoft.com/azure/container-apps/revisions#revision-states. States that the API may
 * add later count as "not yet".
 */
export function readinessOf(
  revision: Revision,
  hasIngress: boolean,
): Readiness {
  const reason = statesOf(revision);
  const { provisioningState, runningState } = revision;
  if (provisioningState === 'Failed') {
    return {
      state: 'failed',
      reason: revision.provisioningError
        ? `${reason} (${oneLine(revision.provisioningError)})`
        : reason,
    };
  }
  if (runningState === 'Failed' || runningState === 'ActivationFailed') {
    return { state: 'failed', reason };
  }
  const runs =
    revision.active === true &&
    provisioningState === 'Provisioned' &&
    (isScaledToZero(revision) ||
      (isRunning(runningState) &&
        (revision.healthState === 'Healthy' ||
          // Nobody asks a revision without ingress for its health.
          (revision.healthState === 'None' && !hasIngress))));
  return { state: runs ? 'ready' : 'waiting', reason };
}

/** `Running` and `RunningAtMaxScale`. */
function isRunning(state: string | undefined): boolean {
  return state?.startsWith('Running') ?? false;
}

/** Idle by its own scale; the next request wakes it. */
function isScaledToZero(revision: Revision): boolean {
  return (
    revision.replicas === 0 &&
    (revision.template?.scale?.minReplicas ?? 0) === 0 &&
    revision.healthState !== 'Unhealthy' &&
    ['Stopped', 'ScaledToZero', 'Running'].includes(revision.runningState ?? '')
  );
}

/** How well the revision that serves does. */
export function healthOf(
  revision: Revision | undefined,
  hasIngress: boolean,
): TargetHealth {
  if (!revision) {
    return { state: 'unknown', reason: 'No revision serves.' };
  }
  const readiness = readinessOf(revision, hasIngress);
  const state = healthState(revision, readiness);
  const wanted = revision.template?.scale?.minReplicas;
  return {
    state,
    ...(state !== 'healthy' && { reason: readiness.reason }),
    ...(revision.replicas !== undefined && { ready: revision.replicas }),
    ...(typeof wanted === 'number' && { wanted }),
  };
}

function healthState(revision: Revision, readiness: Readiness): HealthState {
  if (readiness.state === 'ready') {
    return 'healthy';
  }
  if (readiness.state === 'failed' || revision.healthState === 'Unhealthy') {
    return 'unhealthy';
  }
  return revision.runningState === 'Degraded' ? 'degraded' : 'unknown';
}

/** Why the replicas do not come up, such as `vvp-issuer: CrashLoopBackOff, 7 restarts`. */
export function replicaReasons(replicas: readonly Replica[]): string[] {
  const reasons = replicas.flatMap(replica =>
    [...(replica.containers ?? []), ...(replica.initContainers ?? [])]
      .filter(container => container.ready === false)
      .map(container => {
        const state =
          container.runningStateDetails ||
          container.runningState ||
          'not ready';
        const restarts = container.restartCount ?? 0;
        return oneLine(
          `${container.name}: ${state}${
            restarts > 0 ? `, ${restarts} restarts` : ''
          }`,
        );
      }),
  );
  return [...new Set(reasons)].slice(0, 5);
}

/** Such as `provisioning state Provisioned, running state Degraded, health Unhealthy`. */
export function statesOf(revision: Revision): string {
  return oneLine(
    [
      revision.active ? undefined : 'not active',
      `provisioning state ${revision.provisioningState ?? 'unknown'}`,
      `running state ${revision.runningState ?? 'unknown'}`,
      `health ${revision.healthState ?? 'unknown'}`,
    ]
      .filter(Boolean)
      .join(', '),
  );
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 300);
}
