import { InputError } from '@backstage/errors';
import {
  Revision,
  TargetDiagnostics,
  TargetHealth,
  TargetSpec,
  TrafficShare,
} from '@vvp/backstage-plugin-deploy-common';
import {
  DeployTarget,
  PlannedStep,
  StepControl,
  StepResult,
  TargetCanary,
  TargetDescription,
  TargetEnvironment,
  TargetError,
  TargetPlan,
  TargetVerification,
} from '@vvp/backstage-plugin-deploy-node';
import { AwsConnection, selectAwsConnection } from '../connections';
import { askForImages } from '../registry/askForImages';
import { ClientPool } from './clients';
import { consoleUrlOf } from './consoleUrl';
import { EcsApi } from './EcsApi';
import { lookAtCanary, refuseMove } from './EcsCanary';
import { healthOf } from './health';
import { readInput, stepNames } from './plan';
import { AskForImages, planRestart, planRollback } from './planner';
import { readDiagnostics } from './readDiagnostics';
import { currentOf, listRevisions } from './revisions';
import { createCaches, ServiceReader } from './ServiceReader';
import { ServiceRollout } from './ServiceRollout';
import { servingOf, trafficOf, underWay } from './snapshot';
import { StepMemory } from './StepMemory';

/** A service of ECS as `deploy.yaml` has it. */
export type EcsSpec = Extract<TargetSpec, { type: 'ecs' }>;

type EcsEnvironment = TargetEnvironment<EcsSpec>;

export interface EcsTargetOptions {
  connections: readonly AwsConnection[];
  /** Between two looks at ECS while waiting; default 5000. */
  pollMilliseconds?: number;
}

/** How long before its time limit a step says by itself why it is not done, in milliseconds. */
const reserve = 10_000;
const defaultTimeoutSeconds = 300;

/** Drives services of Amazon ECS: rolling updates and native blue/green deployments. */
export class EcsTarget implements DeployTarget<EcsSpec> {
  readonly type = 'ecs';
  readonly #connections: readonly AwsConnection[];
  readonly #pollMilliseconds: number;
  readonly #clients = new ClientPool();
  readonly #caches = createCaches();

  readonly canary: TargetCanary<EcsSpec> = {
    moves: () => [],
    look: async (environment, { commit }, signal) => {
      const { api, reader } = this.#open(environment, signal);
      return lookAtCanary(api, reader, environment.target, commit);
    },
    planMove: async (environment, { revision }, signal) => {
      const { reader } = this.#open(environment, signal);
      throw await refuseMove(reader, environment.target, revision);
    },
  };

  constructor(options: EcsTargetOptions) {
    this.#connections = options.connections;
    this.#pollMilliseconds = options.pollMilliseconds ?? 5_000;
  }

  describe(environment: EcsEnvironment): TargetDescription {
    const { target } = environment;
    const connection = this.#connectionOf(environment);
    return {
      resource: `ECS service ${target.service} in ${target.cluster} (${target.region})`,
      lockKey: `ecs:${target.region}/${
        connection.accountId ?? connection.name
      }/${target.cluster}/${target.service}`,
      consoleUrl: consoleUrlOf(target),
      canRestart: true,
    };
  }

  async revisions(
    environment: EcsEnvironment,
    signal: AbortSignal,
  ): Promise<Revision[]> {
    const { api, reader } = this.#open(environment, signal);
    return listRevisions(api, reader, environment.target);
  }

  async currentRevision(
    environment: EcsEnvironment,
    signal: AbortSignal,
  ): Promise<Revision | undefined> {
    const { reader } = this.#open(environment, signal);
    return currentOf(reader, environment.target);
  }

  async planRollback(
    environment: EcsEnvironment,
    revision: string,
    signal: AbortSignal,
  ): Promise<TargetPlan> {
    const { reader } = this.#open(environment, signal);
    return planRollback(
      reader,
      environment.target,
      revision,
      this.#askForImages(environment, signal),
    );
  }

  async planRestart(
    environment: EcsEnvironment,
    signal: AbortSignal,
  ): Promise<TargetPlan> {
    const { reader } = this.#open(environment, signal);
    return planRestart(
      reader,
      environment.target,
      this.#askForImages(environment, signal),
    );
  }

  async executeStep(
    environment: EcsEnvironment,
    step: PlannedStep,
    control: StepControl,
  ): Promise<StepResult> {
    const { revision, from } = readInput(step);
    const memory = new StepMemory(control, 'do');
    const rollout = this.#rollout(environment, step, { control, memory });
    switch (step.name) {
      case stepNames.stop: {
        const { stopped } = await rollout.stopOther(revision);
        return { skipped: !stopped };
      }
      case stepNames.update: {
        const { changed, after } = await rollout.bringIn(revision);
        // What the step before took back may already be it, and then has to be undone here.
        const skipped = !changed && after === undefined && from === revision;
        return {
          skipped,
          output: { ...(after && { after }) },
        };
      }
      case stepNames.restart: {
        await rollout.refuseOther(revision);
        const { after } = await rollout.bringIn(revision, true);
        return { output: { ...(after && { after }) } };
      }
      case stepNames.wait:
        await rollout.untilStable(revision, begunAt(control));
        return {};
      default:
        throw unknownStep(step);
    }
  }

  async compensateStep(
    environment: EcsEnvironment,
    step: PlannedStep,
    control: StepControl,
  ): Promise<void> {
    const { revision, from } = readInput(step);
    switch (step.name) {
      case stepNames.stop:
      case stepNames.update: {
        if (step.name === stepNames.stop && !hasStopped(control)) {
          control.log('No deployment was stopped: there is nothing to undo.');
          return;
        }
        if (from === undefined) {
          throw new TargetError(
            'invalid',
            'What ran before is not known, or was never found good, so it is not put back.',
            { remedy: 'Choose a revision and roll back to it.' },
          );
        }
        const memory = new StepMemory(control, 'undo');
        const rollout = this.#rollout(environment, step, { control, memory });
        const { after } = await rollout.bringIn(from);
        await rollout.untilStable(from, after);
        return;
      }
      case stepNames.restart: {
        const memory = new StepMemory(control, 'do');
        const rollout = this.#rollout(environment, step, { control, memory });
        await rollout.takeBackOwn(revision);
        return;
      }
      default:
        throw unknownStep(step);
    }
  }

  async verify(
    environment: EcsEnvironment,
    revision: string,
    signal: AbortSignal,
  ): Promise<TargetVerification> {
    const { reader } = this.#open(environment, signal);
    const snapshot = await reader.snapshot();
    const serving = servingOf(snapshot);
    const shares = trafficOf(snapshot);
    return {
      serving,
      inPlace:
        serving === revision &&
        snapshot.taskDefinition === revision &&
        underWay(snapshot) === undefined &&
        shares.every(share => share.revision === revision),
      health: healthOf(snapshot.service),
    };
  }

  async health(
    environment: EcsEnvironment,
    signal: AbortSignal,
  ): Promise<TargetHealth> {
    const { reader } = this.#open(environment, signal);
    return healthOf(await reader.service());
  }

  async diagnostics(
    environment: EcsEnvironment,
    signal: AbortSignal,
  ): Promise<TargetDiagnostics> {
    const { api, reader } = this.#open(environment, signal);
    return readDiagnostics(api, reader);
  }

  async traffic(
    environment: EcsEnvironment,
    signal: AbortSignal,
  ): Promise<TrafficShare[]> {
    const { reader } = this.#open(environment, signal);
    return trafficOf(await reader.snapshot());
  }

  #rollout(
    environment: EcsEnvironment,
    step: PlannedStep,
    options: { control: StepControl; memory: StepMemory },
  ): ServiceRollout {
    const limit = (step.timeoutSeconds ?? defaultTimeoutSeconds) * 1000;
    return new ServiceRollout({
      ...this.#open(environment, options.control.signal),
      ...options,
      pollMilliseconds: this.#pollMilliseconds,
      limitMilliseconds: limit - Math.min(reserve, limit / 2),
    });
  }

  #open(
    environment: EcsEnvironment,
    signal: AbortSignal,
  ): { api: EcsApi; reader: ServiceReader } {
    const { region, cluster, service } = environment.target;
    const connection = this.#connectionOf(environment);
    const api = new EcsApi(
      this.#clients.get(connection, region),
      { connection: connection.name, region, cluster, service },
      signal,
    );
    return {
      api,
      reader: new ServiceReader(api, this.#caches, connection.accountId),
    };
  }

  #askForImages(
    environment: EcsEnvironment,
    signal: AbortSignal,
  ): AskForImages {
    const connection = this.#connectionOf(environment);
    return images =>
      askForImages(images, {
        connection: connection.name,
        clientOf: region => this.#clients.get(connection, region).images,
        signal,
      });
  }

  #connectionOf({ target, repository }: EcsEnvironment): AwsConnection {
    requireName('cluster', target.cluster);
    requireName('service', target.service);
    return selectAwsConnection(this.#connections, repository, target);
  }
}

function requireName(field: 'cluster' | 'service', value: string): void {
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(value)) {
    throw new InputError(
      `target.${field}: "${value.slice(
        0,
        80,
      )}" is no name of a ${field} of ECS. Write its short name in deploy.yaml, not its ARN.`,
    );
  }
}

/** Whether ECS may have been made to take a deployment back. */
function hasStopped(control: StepControl): boolean {
  return new StepMemory(control, 'do').text('stopped') !== undefined;
}

/** Where the step before began, if it changed something. */
function begunAt(control: StepControl): string | undefined {
  const output =
    control.outputs[stepNames.update] ?? control.outputs[stepNames.restart];
  return typeof output?.after === 'string' ? output.after : undefined;
}

function unknownStep(step: PlannedStep): TargetError {
  return new TargetError(
    'invalid',
    `The target ecs has no step ${step.name}.`,
    { remedy: 'Start the operation again with this version of the portal.' },
  );
}
