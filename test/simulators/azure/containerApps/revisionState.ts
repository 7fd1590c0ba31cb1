import { Defect, SimulatedApp, SimulatedRevision, Timings } from './types';

/** How a revision stands, in the words of the API. */
export interface RevisionState {
  provisioningState: string;
  provisioningError?: string;
  healthState: string;
  runningState: string;
  replicas: number;
  ready: boolean;
}

/** Works out how a revision stands at a time: nothing in the simulator runs by itself. */
export function revisionState(
  revision: SimulatedRevision,
  defect: Defect | undefined,
  timings: Timings,
  now: number,
): RevisionState {
  if (!revision.active) {
    return {
      provisioningState: 'Deprovisioned',
      healthState: 'None',
      runningState: 'Stopped',
      replicas: 0,
      ready: false,
    };
  }
  const replicas = Math.max(revision.template.scale?.minReplicas ?? 0, 1);
  if (now < revision.activatedAt + timings.readyMs) {
    return {
      provisioningState: 'Provisioning',
      healthState: 'None',
      runningState: 'Processing',
      replicas,
      ready: false,
    };
  }
  if (defect === 'provisioning') {
    return {
      provisioningState: 'Failed',
      provisioningError:
        'ErrImagePull: failed to pull image: manifest unknown: manifest tagged by the tag is not found',
      healthState: 'Unhealthy',
      runningState: 'Failed',
      replicas: 0,
      ready: false,
    };
  }
  if (defect) {
    return {
      provisioningState: 'Provisioned',
      healthState: 'Unhealthy',
      runningState: 'Degraded',
      replicas,
      ready: false,
    };
  }
  return {
    provisioningState: 'Provisioned',
    healthState: 'Healthy',
    runningState: 'Running',
    replicas,
    ready: true,
  };
}

/** Who gets how much of the traffic; in single-revision mode all of it goes to the latest that is ready. */
export function trafficOf(app: SimulatedApp): Map<string, number> {
  const shares = new Map<string, number>();
  const { ingress, activeRevisionsMode } = app.configuration;
  if (!ingress) {
    return shares;
  }
  if (activeRevisionsMode === 'Single') {
    if (app.latestReadyRevision !== undefined) {
      shares.set(app.latestReadyRevision, 100);
    }
    return shares;
  }
  for (const entry of ingress.traffic ?? []) {
    const name = entry.latestRevision
      ? app.latestReadyRevision
      : entry.revisionName;
    if (name !== undefined) {
      shares.set(name, (shares.get(name) ?? 0) + (entry.weight ?? 0));
    }
  }
  return shares;
}
