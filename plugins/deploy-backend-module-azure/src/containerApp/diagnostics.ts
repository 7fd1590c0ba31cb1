import { TargetDiagnostics } from '@vvp/backstage-plugin-deploy-common';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { ContainerAppApi } from './ContainerAppApi';
import { mainContainer } from './container';
import { healthOf, readinessOf, replicaReasons, statesOf } from './readiness';
import {
  AppState,
  hasIngress,
  revisionsMode,
  servingRevision,
  trafficShares,
} from './traffic';
import { ContainerAppSpec } from './types';

const MOST_EVENTS = 20;

/** State and reasons of an app; what cannot be read becomes a problem. */
export async function readDiagnostics(
  api: ContainerAppApi,
  spec: ContainerAppSpec,
): Promise<TargetDiagnostics> {
  const problems: string[] = [];
  const attempt = async <T>(work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work;
    } catch (error) {
      problems.push(
        error instanceof TargetError
          ? error.message
          : 'The answer of Azure could not be read.',
      );
      return undefined;
    }
  };
  const app = await attempt(api.app());
  const revisions = app && (await attempt(api.revisions()));
  problems.push(
    `The portal does not read the containers' logs: they are in the Log Analytics workspace of the environment, or shown by "az containerapp logs show --name ${spec.name} --resource-group ${spec.resourceGroup} --tail 100".`,
  );
  if (!app) {
    return {
      health: { state: 'unknown' },
      facts: [],
      events: [],
      logs: [],
      problems,
    };
  }
  const state: AppState = { app, revisions: revisions ?? [] };
  const active = state.revisions.filter(revision => revision.active);
  const reasons = await Promise.all(
    active
      .slice(0, MOST_EVENTS)
      .filter(
        revision => readinessOf(revision, hasIngress(app)).state !== 'ready',
      )
      .map(async revision => {
        const replicas = revision.name
          ? await attempt(api.replicas(revision.name))
          : undefined;
        return [statesOf(revision), ...replicaReasons(replicas ?? [])].map(
          reason => `${revision.name}: ${reason}`,
        );
      }),
  );
  return {
    health: healthOf(
      state.revisions.find(({ name }) => name === servingRevision(state)),
      hasIngress(app),
    ),
    facts: factsOf(state, spec),
    events: reasons.flat().map(message => ({ level: 'warn', message })),
    logs: [],
    problems,
  };
}

function factsOf(
  state: AppState,
  spec: ContainerAppSpec,
): TargetDiagnostics['facts'] {
  const { app, revisions } = state;
  const serving = revisions.find(({ name }) => name === servingRevision(state));
  const traffic = trafficShares(state)
    .map(({ revision, percent }) => `${revision} ${percent} %`)
    .join(', ');
  return Object.entries({
    'Provisioning state': app.provisioningState,
    'Running status': app.runningStatus,
    'Revision mode': revisionsMode(app),
    'Serving revision': serving?.name,
    'Latest revision': app.latestRevisionName,
    'Latest ready revision': app.latestReadyRevisionName,
    Traffic: traffic || undefined,
    Image: mainContainer(serving?.template, spec)?.image,
    Replicas: serving?.replicas?.toString(),
  }).flatMap(([label, value]) => (value === undefined ? [] : { label, value }));
}
