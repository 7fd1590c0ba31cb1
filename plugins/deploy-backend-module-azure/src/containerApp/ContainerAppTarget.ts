import { Revision as AzureRevision } from '@azure/arm-appcontainers';
import { InputError } from '@backstage/errors';
import {
  ArtifactState,
  Revision,
  TargetDiagnostics,
  TargetHealth,
  TrafficShare,
} from '@vvp/backstage-plugin-deploy-common';
import {
  DeployTarget,
  PlannedStep,
  selectConnection,
  StepControl,
  StepResult,
  TargetCanary,
  TargetDescription,
  TargetEnvironment,
  TargetError,
  TargetPlan,
  TargetVerification,
} from '@vvp/backstage-plugin-deploy-node';
import { AzureConnection } from '../connections';
import { askForImages } from '../registry';
import { lookAtCanary, planCanaryMove } from './canary';
import { ContainerAppApi } from './ContainerAppApi';
import { readDiagnostics } from './diagnostics';
import { imagesOf, isRunning, runsNow } from './images';
import { planRestart, planRollback } from './plan';
import { healthOf } from './readiness';
import { requireRevision } from './requireRevision';
import { StepMemory, stepKinds } from './steps';
import { StepContext, StepKind } from './steps/types';
import { toRevision, toRevisions } from './toRevision';
import {
  AppState,
  hasIngress,
  isInPlace,
  servingRevision,
  trafficShares,
} from './traffic';
import {
  ContainerAppAddress,
  ContainerAppSpec,
  ContainerAppTimings,
  defaultTimings,
} from './types';

type Environment = TargetEnvironment<ContainerAppSpec>;

interface Location {
  address: ContainerAppAddress;
  connection: AzureConnection;
}

class ContainerAppTarget implements DeployTarget<ContainerAppSpec> {
  readonly type = 'azure-container-app';
  readonly #connections: readonly AzureConnection[];
  readonly #timings: ContainerAppTimings;

  readonly canary: TargetCanary<ContainerAppSpec> = {
    // Nothing moves by itself, so there is nothing to pause.
    moves: () => ['start', 'finish'],
    look: async (environment, { commit }, signal) =>
      lookAtCanary(
        await this.#read(environment, signal),
        environment.target,
        commit,
      ),
    planMove: async (environment, move, signal) => {
      const { state, found } = await this.#require(
        environment,
        move.revision,
        signal,
      );
      return planCanaryMove(state, move, environment.target, {
        readySeconds: this.#timings.readySeconds,
        artifact: await this.#artifactOf(environment, found, signal),
      });
    },
  };

  constructor(
    connections: readonly AzureConnection[],
    timings: ContainerAppTimings,
  ) {
    this.#connections = connections;
    this.#timings = timings;
  }

  describe(environment: Environment): TargetDescription {
    const { address, connection } = this.#locate(environment);
    const { subscriptionId, resourceGroup, name } = address;
    const tenant = connection.tenantId ? `@${connection.tenantId}` : '@';
    return {
      resource: `Container App ${name} in ${resourceGroup}`,
      lockKey: `azure-container-app:${subscriptionId}/${resourceGroup}/${name}`
        // Azure does not tell upper from lower case.
        .toLowerCase(),
      consoleUrl: `https://portal.azure.com/#${tenant}/resource/subscriptions/${subscriptionId}/resourceGroups/${encodeURIComponent(
        resourceGroup,
      )}/providers/Microsoft.App/containerApps/${encodeURIComponent(
        name,
      )}/revisionManagement`,
      canRestart: true,
    };
  }

  async revisions(
    environment: Environment,
    signal: AbortSignal,
  ): Promise<Revision[]> {
    return toRevisions(
      await this.#read(environment, signal),
      environment.target,
    );
  }

  async currentRevision(
    environment: Environment,
    signal: AbortSignal,
  ): Promise<Revision | undefined> {
    const state = await this.#read(environment, signal);
    const serving = findServing(state);
    return serving && toRevision(serving, state, environment.target);
  }

  async planRollback(
    environment: Environment,
    revision: string,
    signal: AbortSignal,
  ): Promise<TargetPlan> {
    const { state, found } = await this.#require(environment, revision, signal);
    return planRollback(state, revision, environment.target, {
      readySeconds: this.#timings.readySeconds,
      artifact: await this.#artifactOf(environment, found, signal),
    });
  }

  async planRestart(
    environment: Environment,
    signal: AbortSignal,
  ): Promise<TargetPlan> {
    return planRestart(
      await this.#read(environment, signal),
      environment.target,
      this.#timings.readySeconds,
    );
  }

  async executeStep(
    environment: Environment,
    step: PlannedStep,
    control: StepControl,
  ): Promise<StepResult> {
    return kindOf(step).execute(this.#context(environment, step, control));
  }

  async compensateStep(
    environment: Environment,
    step: PlannedStep,
    control: StepControl,
  ): Promise<void> {
    await kindOf(step).compensate?.(this.#context(environment, step, control));
  }

  async verify(
    environment: Environment,
    revision: string,
    signal: AbortSignal,
  ): Promise<TargetVerification> {
    const state = await this.#read(environment, signal);
    const inPlace = isInPlace(state, revision);
    // In single-revision mode another revision may run what this one ran: it counts as this one.
    const serving = inPlace ? revision : servingRevision(state);
    return {
      ...(serving !== undefined && { serving }),
      inPlace,
      health: healthOf(findServing(state), hasIngress(state.app)),
    };
  }

  async health(
    environment: Environment,
    signal: AbortSignal,
  ): Promise<TargetHealth> {
    const state = await this.#read(environment, signal);
    return healthOf(findServing(state), hasIngress(state.app));
  }

  async diagnostics(
    environment: Environment,
    signal: AbortSignal,
  ): Promise<TargetDiagnostics> {
    return readDiagnostics(this.#api(environment, signal), environment.target);
  }

  async traffic(
    environment: Environment,
    signal: AbortSignal,
  ): Promise<TrafficShare[]> {
    return trafficShares(await this.#read(environment, signal));
  }

  async #read(
    environment: Environment,
    signal: AbortSignal,
  ): Promise<AppState> {
    const api = this.#api(environment, signal);
    const [app, revisions] = await Promise.all([api.app(), api.revisions()]);
    return { app, revisions };
  }

  async #require(
    environment: Environment,
    revision: string,
    signal: AbortSignal,
  ): Promise<{ state: AppState; found: AzureRevision }> {
    return requireRevision(environment.target.name, revision, () =>
      this.#read(environment, signal),
    );
  }

  async #artifactOf(
    environment: Environment,
    revision: AzureRevision,
    signal: AbortSignal,
  ): Promise<ArtifactState> {
    const { connection } = this.#find(environment);
    return isRunning(revision)
      ? runsNow
      : askForImages(connection, imagesOf(revision.template), signal);
  }

  #context(
    environment: Environment,
    step: PlannedStep,
    control: StepControl,
  ): StepContext {
    return {
      api: this.#api(environment, control.signal),
      input: step.input,
      control,
      memory: new StepMemory(control),
      pollIntervalMs: this.#timings.pollIntervalMs,
    };
  }

  #api(environment: Environment, signal: AbortSignal): ContainerAppApi {
    const { address, connection } = this.#find(environment);
    return new ContainerAppApi(connection, address, signal);
  }

  /** The portal may have been started without the connection in mid-operation: that waits for a person. */
  #find(environment: Environment): Location {
    try {
      return this.#locate(environment);
    } catch (error) {
      throw error instanceof InputError
        ? new TargetError('credentials', error.message)
        : error;
    }
  }

  #locate(environment: Environment): Location {
    const { resourceGroup, name } = environment.target;
    const connection = selectConnection(this.#connections, 'azure', {
      name: environment.target.connection,
      repository: environment.repository,
    });
    if (
      connection.resourceGroups &&
      !connection.resourceGroups.includes(resourceGroup.toLowerCase())
    ) {
      throw new InputError(
        `target.resourceGroup: the connection "${connection.name}" may not reach ${resourceGroup}. Correct deploy.yaml, or add the group to resourceGroups of the connection in app-config.`,
      );
    }
    return {
      connection,
      address: {
        subscriptionId: connection.subscriptionId,
        resourceGroup,
        name,
      },
    };
  }
}

/**
 * The target `azure-container-app`.
 *
 * @param connections - those of `deploy.targets.azure.connections`
 * @public
 */
export function createContainerAppTarget(
  connections: readonly AzureConnection[],
  timings: Partial<ContainerAppTimings> = {},
): DeployTarget<ContainerAppSpec> {
  return new ContainerAppTarget(connections, { ...defaultTimings, ...timings });
}

function findServing(state: AppState) {
  const serving = servingRevision(state);
  return state.revisions.find(({ name }) => name === serving);
}

function kindOf(step: PlannedStep): StepKind {
  const kind = Object.hasOwn(stepKinds, step.name)
    ? stepKinds[step.name]
    : undefined;
  if (!kind) {
    throw new TargetError(
      'invalid',
      `The stored step ${step.name} is none of a container app: another version of the portal planned it.`,
      { remedy: 'Start the operation again.' },
    );
  }
  return kind;
}
