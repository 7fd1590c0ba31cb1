import {
  ArtifactState,
  CanaryLook,
  ConfigurationDifference,
  EnvironmentTier,
  Revision,
  TargetDiagnostics,
  TargetHealth,
  TargetSpec,
  TrafficShare,
} from '@vvp/backstage-plugin-deploy-common';
import { JsonObject } from '@backstage/types';

/**
 * The environment of a service that a target is asked about.
 *
 * @public
 */
export interface TargetEnvironment<TSpec extends TargetSpec = TargetSpec> {
  entityRef: string;
  /** `owner/name`, lower case: whose `deploy.yaml` names the target. */
  repository: string;
  /** Name of the environment. */
  environment: string;
  tier: EnvironmentTier;
  /** Where the service answers. */
  url?: string;
  /** The target as `deploy.yaml` has it. */
  target: TSpec;
}

/**
 * What a target is, as far as its spec and the configured connections tell. No platform is asked.
 *
 * @public
 */
export interface TargetDescription {
  /** For people, such as `Container App vvp-issuer in VVP`. */
  resource: string;
  /**
   * What one operation uses at a time, such as `azure-vm:vvp/vvp-pbx`; begins with the type of the
   * target, and is the same for all services that share the resource.
   */
  lockKey: string;
  /** Page of the resource in the console of its platform. */
  consoleUrl?: string;
  /** Verbs besides rollback. */
  canRestart: boolean;
}

/**
 * A step as it is planned: stored before the first one runs, and never changed after.
 *
 * @public
 */
export interface PlannedStep {
  /** Kebab-case, unique in the plan. */
  name: string;
  /** For people: what it does to what. */
  title: string;
  /** All that the step needs to know, so that another process can run it. Never a secret. */
  input: JsonObject;
  /** Whole seconds; default 300. */
  timeoutSeconds?: number;
  /** Whether {@link DeployTarget.compensateStep} undoes it. Default: false, there is nothing to undo. */
  compensates?: boolean;
}

/**
 * How to get from what runs to another revision.
 *
 * @public
 */
export interface TargetPlan {
  /** What serves now. */
  from?: Revision;
  to?: Revision;
  /** `to` serves already and is healthy: `steps` is empty. */
  alreadyThere: boolean;
  steps: PlannedStep[];
  configuration: ConfigurationDifference[];
  /** What the steps do not bring back, whole sentences. */
  notRestored: string[];
  artifact: ArtifactState;
}

/**
 * What a step is given besides its input.
 *
 * @public
 */
export interface StepControl {
  operationId: string;
  /**
   * Grows each time a process takes the operation over. Where the platform can keep it, a step with a
   * smaller one has to be refused: it comes from a process that has lost the operation.
   */
  fence: number;
  /** Counts from 1 over all processes. Above 1 the step may have been done already, in part or in full. */
  attempt: number;
  /** Aborted at the step's time limit, when the lease is lost, and when the process stops. */
  signal: AbortSignal;
  /** What the step remembered in earlier attempts. */
  readonly memory: JsonObject;
  /** Outputs of the steps that have succeeded, by name. */
  readonly outputs: Readonly<Record<string, JsonObject>>;
  /** Adds a line to the log. Secrets that are known to be such are blacked out. */
  log(text: string, level?: 'info' | 'warn' | 'error'): void;
  /** Stores before it returns; fails if the operation is no longer this process's. */
  remember(memory: JsonObject): Promise<void>;
  /** Waits; rejects when the signal is aborted. Between two looks at the platform use this. */
  wait(milliseconds: number): Promise<void>;
}

/**
 * What a step brought.
 *
 * @public
 */
export interface StepResult {
  /** For later steps. */
  output?: JsonObject;
  /** There was nothing to do: the platform was there already. */
  skipped?: boolean;
}

/**
 * Whether the platform serves a revision.
 *
 * @public
 */
export interface TargetVerification {
  /** What serves now. */
  serving?: string;
  /** `serving` is the revision asked about and all of the traffic goes there. */
  inPlace: boolean;
  health: TargetHealth;
}

/**
 * How a canary is moved.
 *
 * - `start`: the new revision gets `percent` of the traffic.
 * - `pause`: the platform stands still until `finish`. Where it does so anyway, there is no such move.
 * - `finish`: the new revision gets all of the traffic.
 *
 * The way back is a rollback.
 *
 * @public
 */
export type CanaryMove = 'start' | 'pause' | 'finish';

/**
 * What a platform that can give a new revision a part of the traffic is asked, besides the rest. Both only
 * read; the steps of a plan are executed as any others.
 *
 * @public
 */
export interface TargetCanary<TSpec extends TargetSpec = TargetSpec> {
  /** What the platform can do in this environment; empty where it moves on by itself. */
  moves(environment: TargetEnvironment<TSpec>): readonly CanaryMove[];

  /**
   * The release of a commit beside what else gets traffic; `percent: 100` once it has all of it. Undefined if
   * the platform has no revision of this commit.
   *
   * @param options - `logEntries`: how many of the newest log entries are wanted
   */
  look(
    environment: TargetEnvironment<TSpec>,
    options: { commit: string; logEntries: number },
    signal: AbortSignal,
  ): Promise<CanaryLook | undefined>;

  /** Throws a TargetError `not-found` for a revision that is not this service's, `invalid` for a move that it cannot. */
  planMove(
    environment: TargetEnvironment<TSpec>,
    options: { revision: string; move: CanaryMove; percent: number },
    signal: AbortSignal,
  ): Promise<TargetPlan>;
}

/**
 * Drives one kind of platform. Thin: it asks and orders, and leaves deciding to pure functions.
 *
 * Everything but {@link DeployTarget.executeStep} and {@link DeployTarget.compensateStep} only reads.
 * Errors are {@link TargetError}s; whatever else is thrown counts as the target's own fault and ends the
 * operation.
 *
 * @public
 */
export interface DeployTarget<TSpec extends TargetSpec = TargetSpec> {
  readonly type: TSpec['type'];
  /** Only with the type `custom`: the `platform` that it drives. */
  readonly platform?: string;

  /** Throws an InputError that names field and remedy if the spec or its connection cannot work. */
  describe(environment: TargetEnvironment<TSpec>): TargetDescription;

  /** Newest first, at most 100; the one that serves is `current`. */
  revisions(
    environment: TargetEnvironment<TSpec>,
    signal: AbortSignal,
  ): Promise<Revision[]>;

  currentRevision(
    environment: TargetEnvironment<TSpec>,
    signal: AbortSignal,
  ): Promise<Revision | undefined>;

  /** Throws a TargetError `not-found` for a revision that is not this service's. */
  planRollback(
    environment: TargetEnvironment<TSpec>,
    revision: string,
    signal: AbortSignal,
  ): Promise<TargetPlan>;

  /** Only where {@link TargetDescription.canRestart}. */
  planRestart?(
    environment: TargetEnvironment<TSpec>,
    signal: AbortSignal,
  ): Promise<TargetPlan>;

  /**
   * Does a step, or what is left of it. Safe to call again at any time, also while an earlier call of a
   * dead process still has its effect.
   */
  executeStep(
    environment: TargetEnvironment<TSpec>,
    step: PlannedStep,
    control: StepControl,
  ): Promise<StepResult>;

  /** Undoes a step that was begun, in part or in full. Safe to call again. */
  compensateStep(
    environment: TargetEnvironment<TSpec>,
    step: PlannedStep,
    control: StepControl,
  ): Promise<void>;

  verify(
    environment: TargetEnvironment<TSpec>,
    revision: string,
    signal: AbortSignal,
  ): Promise<TargetVerification>;

  health(
    environment: TargetEnvironment<TSpec>,
    signal: AbortSignal,
  ): Promise<TargetHealth>;

  /** Never throws for a part that cannot be read: that goes to `problems`. */
  diagnostics(
    environment: TargetEnvironment<TSpec>,
    signal: AbortSignal,
  ): Promise<TargetDiagnostics>;

  /** Where the platform splits traffic. */
  traffic?(
    environment: TargetEnvironment<TSpec>,
    signal: AbortSignal,
  ): Promise<TrafficShare[]>;

  /** Where the platform can give a new revision a part of the traffic; asked only with `strategy: canary` or `blue-green`. */
  readonly canary?: TargetCanary<TSpec>;
}
