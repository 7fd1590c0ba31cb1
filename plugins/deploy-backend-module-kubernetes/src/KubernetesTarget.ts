import { InputError } from '@backstage/errors';
import {
  Revision,
  TargetDiagnostics,
  TargetHealth,
  TargetSpec,
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
import { KubernetesApi } from './api/KubernetesApi';
import { KubernetesConnection } from './connection/readConnections';
import { rolloutOf } from './decide/rollout';
import { diagnose, readHealth } from './diagnose';
import { lookAtCanary } from './lookAtCanary';
import { equalButForRestarts } from './model/releases';
import { currentOf, planRestart, planUndo, toRevisions } from './plan';
import { planCanaryMove } from './planCanary';
import { defaultPatience, Patience } from './steps/awaitRollout';
import {
  compensatePaused,
  executeFinish,
  executePause,
  executeStart,
} from './steps/canary';
import {
  executeAwaitRestart,
  executeRestart,
  isRestartedBy,
} from './steps/restart';
import { readRevisionKey } from './steps/stepData';
import { compensateChange, executeAwaitUndo, executeUndo } from './steps/undo';
import { Look, WorkloadSession } from './steps/WorkloadSession';

/** As `deploy.yaml` has it. */
export type KubernetesSpec = Extract<TargetSpec, { type: 'kubernetes' }>;

type KubernetesEnvironment = TargetEnvironment<KubernetesSpec>;

/**
 * Deployments, StatefulSets and DaemonSets. A revision is a ReplicaSet or a ControllerRevision, known by
 * its name: its number changes when it is put back, its name does not.
 *
 * @public
 */
export class KubernetesTarget implements DeployTarget<KubernetesSpec> {
  readonly type = 'kubernetes';
  readonly #connections: readonly KubernetesConnection[];
  readonly #patience: Patience;
  readonly #now: () => Date;

  readonly canary: TargetCanary<KubernetesSpec> = {
    moves: environment =>
      kindOf(environment) === 'Deployment' ? ['start', 'pause', 'finish'] : [],
    look: async (environment, options, signal) => {
      requireDeployment(environment);
      const { container } = environment.target;
      const session = await this.#open(environment, signal);
      return lookAtCanary(session, { ...options, container });
    },
    planMove: async (environment, options, signal) => {
      requireDeployment(environment);
      const { container } = environment.target;
      const session = await this.#open(environment, signal);
      const look = await session.look();
      const pods = await session.pods(look);
      return planCanaryMove(session, look, pods, { ...options, container });
    },
  };

  constructor(
    connections: readonly KubernetesConnection[],
    options: { patience?: Partial<Patience>; now?: () => Date } = {},
  ) {
    this.#connections = connections;
    this.#patience = { ...defaultPatience, ...options.patience };
    this.#now = options.now ?? (() => new Date());
  }

  describe(environment: KubernetesEnvironment): TargetDescription {
    const { namespace, name } = environment.target;
    const kind = kindOf(environment);
    const connection = this.#connection(environment);
    const { access } = connection;
    const cluster =
      access.type === 'server' ? new URL(access.server).host : connection.name;
    return {
      resource: `${kind} ${name} in ${namespace} (${connection.name})`,
      lockKey: `kubernetes:${cluster}/${namespace}/${kind}/${name}`,
      canRestart: true,
    };
  }

  async revisions(
    environment: KubernetesEnvironment,
    signal: AbortSignal,
  ): Promise<Revision[]> {
    const session = await this.#open(environment, signal);
    return toRevisions(await session.look(), environment.target.container);
  }

  async currentRevision(
    environment: KubernetesEnvironment,
    signal: AbortSignal,
  ): Promise<Revision | undefined> {
    const session = await this.#open(environment, signal);
    return currentOf(await session.look(), environment.target.container);
  }

  async planRollback(
    environment: KubernetesEnvironment,
    revision: string,
    signal: AbortSignal,
  ): Promise<TargetPlan> {
    const session = await this.#open(environment, signal);
    const look = await session.look();
    const pods = await session.pods(look);
    const { container } = environment.target;
    return planUndo(session, look, pods, { revision, container });
  }

  async planRestart(
    environment: KubernetesEnvironment,
    signal: AbortSignal,
  ): Promise<TargetPlan> {
    const session = await this.#open(environment, signal);
    return planRestart(session, await session.look(), {
      // Seconds, as kubectl writes it.
      restartedAt: this.#now()
        .toISOString()
        .replace(/\.\d+Z$/, 'Z'),
      container: environment.target.container,
    });
  }

  async executeStep(
    environment: KubernetesEnvironment,
    step: PlannedStep,
    control: StepControl,
  ): Promise<StepResult> {
    const session = await this.#open(environment, control.signal);
    switch (step.name) {
      case 'undo':
        return executeUndo(session, step, control);
      case 'await-undo':
        return executeAwaitUndo(session, step, control, this.#patience);
      case 'restart':
        return executeRestart(session, step, control);
      case 'await-restart':
        return executeAwaitRestart(session, step, control, this.#patience);
      case 'start-canary':
        return executeStart(session, step, control, this.#patience);
      case 'pause-canary':
        return executePause(session, step, control);
      case 'finish-canary':
        return executeFinish(session, step, control, this.#patience);
      default:
        throw unknownStep(step);
    }
  }

  async compensateStep(
    environment: KubernetesEnvironment,
    step: PlannedStep,
    control: StepControl,
  ): Promise<void> {
    const session = await this.#open(environment, control.signal);
    switch (step.name) {
      case 'undo': {
        const { uid } = readRevisionKey(step.input.revision);
        return compensateChange(session, control, this.#patience, look =>
          isOneOf(look, uid),
        );
      }
      case 'restart':
        return compensateChange(
          session,
          control,
          this.#patience,
          isRestartedBy(step),
        );
      case 'start-canary':
      case 'pause-canary':
      case 'finish-canary':
        return compensatePaused(session, step, control);
      default:
        throw unknownStep(step);
    }
  }

  async verify(
    environment: KubernetesEnvironment,
    revision: string,
    signal: AbortSignal,
  ): Promise<TargetVerification> {
    const session = await this.#open(environment, signal);
    const look = await session.look();
    const serving = currentOf(look)?.id;
    return {
      serving,
      inPlace:
        serving === revision &&
        rolloutOf(session.kind, look.workload).state === 'complete',
      health: await readHealth(session, look),
    };
  }

  async health(
    environment: KubernetesEnvironment,
    signal: AbortSignal,
  ): Promise<TargetHealth> {
    const session = await this.#open(environment, signal);
    return readHealth(session, await session.look());
  }

  async diagnostics(
    environment: KubernetesEnvironment,
    signal: AbortSignal,
  ): Promise<TargetDiagnostics> {
    try {
      return await diagnose(await this.#open(environment, signal));
    } catch (error) {
      return {
        health: { state: 'unknown' },
        facts: [],
        events: [],
        logs: [],
        problems: [error instanceof Error ? error.message : String(error)],
      };
    }
  }

  async #open(
    environment: KubernetesEnvironment,
    signal: AbortSignal,
  ): Promise<WorkloadSession> {
    const { namespace, name } = environment.target;
    const connection = this.#connectionNow(environment);
    const api = await KubernetesApi.create(connection, namespace, signal);
    const kind = kindOf(environment);
    return new WorkloadSession(api, { kind, namespace, name });
  }

  /** A connection that has been taken out of the configuration is one without credentials. */
  #connectionNow(environment: KubernetesEnvironment): KubernetesConnection {
    try {
      return this.#connection(environment);
    } catch (error) {
      throw error instanceof InputError
        ? new TargetError('credentials', error.message, { cause: error })
        : error;
    }
  }

  #connection(environment: KubernetesEnvironment): KubernetesConnection {
    const { connection: name, namespace } = environment.target;
    const connection = selectConnection(this.#connections, 'kubernetes', {
      name,
      repository: environment.repository,
    });
    if (connection.namespaces && !connection.namespaces.includes(namespace)) {
      throw new InputError(
        `target.namespace: the Kubernetes connection "${connection.name}" does not reach ${namespace}. Correct it in deploy.yaml, or add it to namespaces of this connection in deploy.targets.kubernetes.connections in app-config.`,
      );
    }
    return connection;
  }
}

/** Whether the workload asks for the revision, restarted or not. */
function isOneOf(look: Look, uid: string): boolean {
  const { current, revisions } = look;
  const revision = revisions.find(candidate => candidate.uid === uid);
  return (
    current !== undefined &&
    revision !== undefined &&
    equalButForRestarts(current.template, revision.template)
  );
}

function kindOf(environment: KubernetesEnvironment) {
  return environment.target.workload ?? 'Deployment';
}

/** The other kinds are not paused, so that nothing can be stopped midway. */
function requireDeployment(environment: KubernetesEnvironment): void {
  const kind = kindOf(environment);
  if (kind !== 'Deployment') {
    throw new TargetError('invalid', `A ${kind} cannot do canaries.`, {
      remedy:
        'Take strategy: canary out of its target in deploy.yaml, or make it a Deployment.',
    });
  }
}

function unknownStep(step: PlannedStep): TargetError {
  return new TargetError(
    'invalid',
    `A target of type kubernetes knows no step "${step.name}".`,
    { remedy: 'Ask for the operation anew.' },
  );
}
