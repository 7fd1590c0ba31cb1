import { JsonObject } from '@backstage/types';
import { RevisionState, trafficOf } from './revisionState';
import { Defect, SimulatedApp, SimulatedRevision } from './types';

export function appId(app: SimulatedApp): string {
  return `/subscriptions/${app.subscriptionId}/resourceGroups/${app.resourceGroup}/providers/Microsoft.App/containerapps/${app.name}`;
}

export function provisioningState(app: SimulatedApp): string {
  if (app.update) {
    return 'InProgress';
  }
  return app.failed ? 'Failed' : 'Succeeded';
}

export function renderApp(app: SimulatedApp): JsonObject {
  return clean({
    id: appId(app),
    name: app.name,
    type: 'Microsoft.App/containerApps',
    location: app.location,
    tags: app.tags,
    properties: {
      provisioningState: provisioningState(app),
      runningStatus: 'Running',
      managedEnvironmentId: `/subscriptions/${app.subscriptionId}/resourceGroups/${app.resourceGroup}/providers/Microsoft.App/managedEnvironments/simulated`,
      environmentId: `/subscriptions/${app.subscriptionId}/resourceGroups/${app.resourceGroup}/providers/Microsoft.App/managedEnvironments/simulated`,
      latestRevisionName: app.latestRevision,
      latestReadyRevisionName: app.latestReadyRevision,
      latestRevisionFqdn: `${app.latestRevision}.example.test`,
      configuration: {
        ...app.configuration,
        ingress: app.configuration.ingress && {
          fqdn: `${app.name}.example.test`,
          ...app.configuration.ingress,
        },
        // Values of secrets are never told.
        secrets: app.configuration.secrets?.map(({ name }) => ({ name })),
      },
      template: app.template,
    },
  });
}

export function renderRevision(
  app: SimulatedApp,
  revision: SimulatedRevision,
  state: RevisionState,
): JsonObject {
  return clean({
    id: `${appId(app)}/revisions/${revision.name}`,
    name: revision.name,
    type: 'Microsoft.App/containerapps/revisions',
    properties: {
      createdTime: new Date(revision.createdAt).toISOString(),
      fqdn: `${revision.name}.example.test`,
      template: revision.template,
      active: revision.active,
      replicas: state.replicas,
      trafficWeight: trafficOf(app).get(revision.name) ?? 0,
      provisioningError: state.provisioningError,
      healthState: state.healthState,
      provisioningState: state.provisioningState,
      runningState: state.runningState,
    },
  });
}

export function renderReplicas(
  app: SimulatedApp,
  revision: SimulatedRevision,
  state: RevisionState,
  defect: Defect | undefined,
): JsonObject {
  const details =
    defect === 'image-pull' ? 'ImagePullBackOff' : 'CrashLoopBackOff';
  const waits = !state.ready && defect !== undefined;
  return clean({
    value: Array.from({ length: state.replicas }, (_, index) => ({
      id: `${appId(app)}/revisions/${revision.name}/replicas/${
        revision.name
      }-${index}`,
      name: `${revision.name}-${index}`,
      type: 'Microsoft.App/containerapps/revisions/replicas',
      properties: {
        createdTime: new Date(revision.activatedAt).toISOString(),
        runningState: state.ready ? 'Running' : 'NotRunning',
        runningStateDetails: waits ? details : '',
        containers: revision.template.containers.map(container => ({
          name: container.name,
          containerId: `containerd://${container.name}-${index}`,
          ready: state.ready,
          started: state.ready,
          restartCount: waits ? 7 : revision.restarts,
          runningState: state.ready ? 'Running' : 'Waiting',
          runningStateDetails: waits ? details : '',
        })),
      },
    })),
  });
}

function clean(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value));
}
