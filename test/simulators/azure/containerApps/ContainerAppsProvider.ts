import {
  ArmContext,
  ArmError,
  ArmProvider,
  ArmRequest,
  ArmResponse,
} from '../arm/types';
import { VendorModel } from '../model/VendorModel';
import { ContainerAppStore } from './ContainerAppStore';
import { API_VERSION, createContainerAppsModel } from './model';
import {
  provisioningState,
  renderApp,
  renderReplicas,
  renderRevision,
} from './render';
import { SimulatedApp, SimulatedRevision } from './types';
import { planUpdate } from './updateApp';

/** `Microsoft.App`: container apps, their revisions and replicas. */
export class ContainerAppsProvider implements ArmProvider {
  readonly namespace = 'Microsoft.App';
  readonly apiVersions = [API_VERSION];
  readonly model: VendorModel;
  readonly store: ContainerAppStore;
  readonly #context: ArmContext;

  private constructor(
    context: ArmContext,
    model: VendorModel,
    store: ContainerAppStore,
  ) {
    this.#context = context;
    this.model = model;
    this.store = store;
  }

  static async create(
    context: ArmContext,
    store: ContainerAppStore,
  ): Promise<ContainerAppsProvider> {
    return new ContainerAppsProvider(
      context,
      await createContainerAppsModel(),
      store,
    );
  }

  handle(request: ArmRequest): ArmResponse {
    const [type, appName, child, revisionName, action] = request.path;
    if (
      type.toLowerCase() !== 'containerapps' ||
      request.resourceGroup === undefined ||
      appName === undefined
    ) {
      throw notSimulated();
    }
    const app = this.store.find(request.resourceGroup, appName);
    if (!app) {
      throw new ArmError(
        404,
        'ResourceNotFound',
        `The Resource 'Microsoft.App/containerApps/${appName}' under resource group '${request.resourceGroup}' was not found.`,
      );
    }
    if (child === undefined) {
      return this.#handleApp(request, app);
    }
    if (child.toLowerCase() !== 'revisions') {
      throw notSimulated();
    }
    return revisionName === undefined
      ? this.#listRevisions(app)
      : this.#handleRevision(request, app, revisionName, action);
  }

  #handleApp(request: ArmRequest, app: SimulatedApp): ArmResponse {
    if (request.method === 'GET') {
      return { status: 200, body: renderApp(app) };
    }
    if (request.method !== 'PATCH') {
      throw notSimulated();
    }
    refuseWhileBusy(app);
    const update = planUpdate(app, request.body ?? {}, image =>
      this.store.isImageThere(image),
    );
    const running = this.store.beginUpdate(app, update);
    return this.#context.operations.start(
      request,
      {
        namespace: this.namespace,
        location: app.location,
        statuses: 'containerappOperationStatuses',
        results: 'containerappOperationResults',
      },
      () => {
        if (this.#context.now() < running.endsAt) {
          return undefined;
        }
        this.store.settle(app);
        return running.error
          ? { status: 'Failed', error: running.error }
          : { status: 'Succeeded', body: renderApp(app) };
      },
    );
  }

  #listRevisions(app: SimulatedApp): ArmResponse {
    return {
      status: 200,
      body: {
        value: app.revisions.map(revision => this.#render(app, revision)),
      },
    };
  }

  #handleRevision(
    request: ArmRequest,
    app: SimulatedApp,
    name: string,
    action: string | undefined,
  ): ArmResponse {
    const revision = app.revisions.find(candidate => candidate.name === name);
    if (!revision) {
      throw new ArmError(
        404,
        'RevisionNotFound',
        `Revision '${name}' was not found in container app '${app.name}'.`,
      );
    }
    if (action === undefined) {
      return { status: 200, body: this.#render(app, revision) };
    }
    if (action.toLowerCase() === 'replicas' && request.path.length === 5) {
      return {
        status: 200,
        body: renderReplicas(
          app,
          revision,
          this.store.stateOf(revision),
          this.store.defectOf(revision),
        ),
      };
    }
    refuseWhileBusy(app);
    this.#act(app, revision, action.toLowerCase());
    return { status: 200 };
  }

  #act(app: SimulatedApp, revision: SimulatedRevision, action: string): void {
    const single = app.configuration.activeRevisionsMode === 'Single';
    if (single && action !== 'restart') {
      throw new ArmError(
        400,
        'RevisionModeNotSupported',
        'Revisions are activated and deactivated by the platform in single revision mode.',
      );
    }
    switch (action) {
      case 'activate':
        this.store.activate(revision);
        return;
      case 'deactivate':
        // Azure takes even the revision that has all of the traffic.
        revision.active = false;
        return;
      case 'restart':
        this.store.restart(revision);
        return;
      default:
        throw notSimulated();
    }
  }

  #render(app: SimulatedApp, revision: SimulatedRevision) {
    return renderRevision(app, revision, this.store.stateOf(revision));
  }
}

function refuseWhileBusy(app: SimulatedApp): void {
  if (provisioningState(app) === 'InProgress') {
    throw new ArmError(
      409,
      'ContainerAppOperationInProgress',
      `Cannot modify a container app '${app.name}' because there is an active provisioning operation in progress.`,
    );
  }
}

function notSimulated(): ArmError {
  return new ArmError(501, 'NotSimulated', 'This is not simulated.');
}
