import { revisionState, RevisionState } from './revisionState';
import {
  Defect,
  RunningUpdate,
  SimulatedApp,
  SimulatedRevision,
  Timings,
  WireConfiguration,
  WireContainer,
  WireTemplate,
  WireTraffic,
} from './types';
import type { PlannedUpdate } from './updateApp';

/** A revision as a test or the demo describes it. */
export interface NewRevision {
  suffix: string;
  image: string;
  env?: WireContainer['env'];
  createdAt: string;
  minReplicas?: number;
  maxReplicas?: number;
}

/** An app as a test or the demo describes it. */
export interface NewApp {
  resourceGroup: string;
  name: string;
  mode: 'Single' | 'Multiple';
  /** Oldest first; the last one serves unless `traffic` says otherwise. */
  revisions: NewRevision[];
  traffic?: WireTraffic[];
  secrets?: string[];
  /** Names of revisions that are active besides the one that serves. */
  active?: string[];
}

/** The state of the container apps, and the switches of what goes wrong with them. */
export class ContainerAppStore {
  readonly #apps = new Map<string, SimulatedApp>();
  readonly #subscriptionId: string;
  readonly #now: () => number;
  readonly timings: Timings;
  /** What never works: by the name of a revision, or by image. */
  readonly defects = new Map<string, Defect>();
  /** Images that the registry no longer has. */
  readonly missingImages = new Set<string>();

  constructor(
    subscriptionId: string,
    timings: Timings,
    now: () => number = Date.now,
  ) {
    this.#subscriptionId = subscriptionId;
    this.timings = timings;
    this.#now = now;
  }

  create(app: NewApp): void {
    const revisions = app.revisions.map(revision => newRevision(app, revision));
    const last = revisions[revisions.length - 1];
    const traffic: WireTraffic[] =
      app.traffic ??
      (app.mode === 'Single'
        ? [{ latestRevision: true, weight: 100 }]
        : [{ revisionName: last.name, weight: 100 }]);
    const serving = new Set(
      traffic
        .filter(entry => (entry.weight ?? 0) > 0 || entry.label !== undefined)
        .map(entry => (entry.latestRevision ? last.name : entry.revisionName)),
    );
    app.active?.forEach(name => serving.add(name));
    for (const revision of revisions) {
      revision.active = serving.has(revision.name);
    }
    this.#apps.set(key(app.resourceGroup, app.name), {
      subscriptionId: this.#subscriptionId,
      resourceGroup: app.resourceGroup,
      name: app.name,
      location: 'UK South',
      tags: { team: 'example' },
      configuration: configurationOf(app, traffic),
      template: { ...last.template },
      revisions,
      latestRevision: last.name,
      latestReadyRevision: last.name,
    });
  }

  find(resourceGroup: string, name: string): SimulatedApp | undefined {
    const app = this.#apps.get(key(resourceGroup, name));
    if (app) {
      this.settle(app);
    }
    return app;
  }

  list(): SimulatedApp[] {
    return [...this.#apps.values()].map(app => {
      this.settle(app);
      return app;
    });
  }

  isImageThere(image: string): boolean {
    return !this.missingImages.has(image);
  }

  defectOf(revision: SimulatedRevision): Defect | undefined {
    return (
      this.defects.get(revision.name) ??
      this.defects.get(revision.template.containers[0].image)
    );
  }

  stateOf(revision: SimulatedRevision): RevisionState {
    return revisionState(
      revision,
      this.defectOf(revision),
      this.timings,
      this.#now(),
    );
  }

  activate(revision: SimulatedRevision): void {
    if (!revision.active) {
      revision.active = true;
      revision.activatedAt = this.#now();
    }
  }

  restart(revision: SimulatedRevision): void {
    revision.restarts += 1;
    revision.activatedAt = this.#now();
  }

  beginUpdate(app: SimulatedApp, update: PlannedUpdate): RunningUpdate {
    const now = this.#now();
    const running: RunningUpdate = {
      endsAt: now + this.timings.updateMs,
      error: update.lateError,
    };
    Object.assign(app, {
      configuration: update.configuration,
      template: update.template,
      tags: update.tags,
      update: running,
      failed: undefined,
    });
    if (update.newRevision !== undefined) {
      app.revisions.push({
        name: update.newRevision,
        createdAt: now,
        template: update.template,
        active: true,
        activatedAt: now,
        restarts: 0,
      });
      app.latestRevision = update.newRevision;
    }
    return running;
  }

  /** Brings an app up to the present. */
  settle(app: SimulatedApp): void {
    if (app.update && this.#now() >= app.update.endsAt) {
      app.failed = app.update.error;
      app.update = undefined;
    }
    const latest = app.revisions.find(
      ({ name }) => name === app.latestRevision,
    );
    if (!latest || !this.stateOf(latest).ready) {
      return;
    }
    app.latestReadyRevision = latest.name;
    if (app.configuration.activeRevisionsMode === 'Single') {
      // The one before serves until the latest is ready, and is then taken down.
      for (const revision of app.revisions) {
        revision.active = revision.name === latest.name;
      }
    }
  }
}

function newRevision(app: NewApp, revision: NewRevision): SimulatedRevision {
  const template: WireTemplate = {
    revisionSuffix: revision.suffix,
    containers: [
      {
        name: app.name,
        image: revision.image,
        env: revision.env ?? [],
        resources: { cpu: 0.5, memory: '1Gi' },
      },
    ],
    scale: {
      minReplicas: revision.minReplicas ?? 1,
      maxReplicas: revision.maxReplicas ?? 3,
    },
  };
  const createdAt = Date.parse(revision.createdAt);
  return {
    name: `${app.name}--${revision.suffix}`,
    createdAt,
    template,
    active: false,
    activatedAt: createdAt,
    restarts: 0,
  };
}

function configurationOf(
  app: NewApp,
  traffic: WireTraffic[],
): WireConfiguration {
  return {
    activeRevisionsMode: app.mode,
    maxInactiveRevisions: 100,
    secrets: (app.secrets ?? []).map(name => ({ name })),
    ingress: {
      external: true,
      targetPort: 8000,
      exposedPort: 0,
      transport: 'Http2',
      allowInsecure: true,
      traffic,
    },
  };
}

function key(resourceGroup: string, name: string): string {
  return `${resourceGroup}/${name}`.toLowerCase();
}
