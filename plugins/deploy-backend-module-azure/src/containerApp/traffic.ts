import {
  ContainerApp,
  Revision,
  TrafficWeight,
} from '@azure/arm-appcontainers';
import { TrafficShare } from '@vvp/backstage-plugin-deploy-common';
import { runsTheSamePrograms } from './template';

/** What the platform does with a new revision. */
export type RevisionsMode = 'single' | 'multiple';

/** How an app stands: the app, and its revisions, newest first. */
export interface AppState {
  app: ContainerApp;
  revisions: Revision[];
}

export function revisionsMode(app: ContainerApp): RevisionsMode {
  return app.configuration?.activeRevisionsMode === 'Multiple'
    ? 'multiple'
    : 'single';
}

export function hasIngress(app: ContainerApp): boolean {
  return Boolean(app.configuration?.ingress);
}

/** The parts of the traffic as the app has them, largest first; without ingress there are none. */
export function trafficShares({ app, revisions }: AppState): TrafficShare[] {
  if (!hasIngress(app)) {
    return [];
  }
  if (revisionsMode(app) === 'single') {
    const name = servingInSingleMode(app);
    return name === undefined ? [] : [{ revision: name, percent: 100 }];
  }
  const shares = new Map<string, number>();
  for (const entry of app.configuration?.ingress?.traffic ?? []) {
    const name = revisionOf(entry, app);
    if (name !== undefined && (entry.weight ?? 0) > 0) {
      shares.set(name, (shares.get(name) ?? 0) + (entry.weight ?? 0));
    }
  }
  const age = (name: string) =>
    revisions.findIndex(revision => revision.name === name);
  return [...shares]
    .map(([revision, percent]) => ({ revision, percent }))
    .sort((a, b) => b.percent - a.percent || age(a.revision) - age(b.revision));
}

/** The revision that serves: with the largest part of the traffic; without ingress the newest active one. */
export function servingRevision(state: AppState): string | undefined {
  const { app, revisions } = state;
  if (revisionsMode(app) === 'single') {
    return servingInSingleMode(app);
  }
  return hasIngress(app)
    ? trafficShares(state)[0]?.revision
    : revisions.find(revision => revision.active)?.name;
}

/**
 * Whether a revision, or one that runs the same, has all of the traffic and nothing is about to take it
 * away. In single-revision mode another revision that runs the same counts: a rollback makes one.
 */
export function isInPlace(state: AppState, revision: string): boolean {
  const { app, revisions } = state;
  const serving = servingRevision(state);
  if (serving === undefined) {
    return false;
  }
  if (revisionsMode(app) === 'single') {
    return (
      app.latestRevisionName === serving &&
      (serving === revision ||
        runsTheSamePrograms(
          templateOf(revisions, serving),
          templateOf(revisions, revision),
        ))
    );
  }
  if (serving !== revision) {
    return false;
  }
  const isActive = revisions.some(
    ({ name, active }) => name === revision && active,
  );
  return hasIngress(app)
    ? isActive && trafficShares(state)[0].percent === 100
    : revisions.every(({ name, active }) => name === revision || !active);
}

/** The split as the app has it, without what the SDK fills in where Azure says nothing. */
export function trafficEntries(app: ContainerApp): TrafficWeight[] {
  return (app.configuration?.ingress?.traffic ?? []).map(
    ({ latestRevision, ...entry }) => ({
      ...entry,
      ...(latestRevision && { latestRevision }),
    }),
  );
}

/** All of the traffic to one revision. */
export function shiftedTraffic(
  traffic: readonly TrafficWeight[],
  revision: string,
): TrafficWeight[] {
  return sharedTraffic(traffic, [{ revision, percent: 100 }]);
}

/**
 * The traffic to some revisions by name, and nothing to any other. Labels stay where they are: their
 * addresses are somebody's own.
 */
export function sharedTraffic(
  traffic: readonly TrafficWeight[],
  shares: readonly TrafficShare[],
): TrafficWeight[] {
  const labelled = traffic.filter(entry => entry.label);
  const taken = new Set<TrafficWeight>();
  const weighted = shares.map(({ revision, percent }) => {
    const own = labelled.find(
      entry => !entry.latestRevision && entry.revisionName === revision,
    );
    if (own) {
      taken.add(own);
    }
    return { ...own, revisionName: revision, weight: percent };
  });
  const others = labelled.filter(entry => !taken.has(entry));
  return [...weighted, ...others.map(entry => ({ ...entry, weight: 0 }))];
}

/** Whether two splits are the same, in whatever order. */
export function sameTraffic(
  a: readonly TrafficWeight[],
  b: readonly TrafficWeight[],
): boolean {
  return canonical(a) === canonical(b);
}

function canonical(traffic: readonly TrafficWeight[]): string {
  return traffic
    .map(entry =>
      JSON.stringify([
        entry.latestRevision ? 'latest' : entry.revisionName,
        entry.weight ?? 0,
        entry.label ?? '',
      ]),
    )
    .sort()
    .join();
}

/** Whether a new revision gets traffic as soon as it is ready, without anybody shifting it. */
export function followsLatest(app: ContainerApp): boolean {
  return trafficEntries(app).some(
    entry => entry.latestRevision && (entry.weight ?? 0) > 0,
  );
}

/** Names of the revisions that have a label. */
export function labelledRevisions(app: ContainerApp): string[] {
  return (app.configuration?.ingress?.traffic ?? []).flatMap(entry =>
    entry.label ? revisionOf(entry, app) ?? [] : [],
  );
}

export function templateOf(revisions: readonly Revision[], name: string) {
  return revisions.find(revision => revision.name === name)?.template;
}

function revisionOf(
  entry: TrafficWeight,
  app: ContainerApp,
): string | undefined {
  return entry.latestRevision
    ? app.latestReadyRevisionName || app.latestRevisionName
    : entry.revisionName;
}

/** The one before serves until the latest is ready. */
function servingInSingleMode(app: ContainerApp): string | undefined {
  return app.latestReadyRevisionName || app.latestRevisionName || undefined;
}
