import { JsonObject } from '@backstage/types';
import {
  Failure,
  OperationKind,
  OperationOutcome,
  OperationStatus,
  RevisionReference,
} from '@vvp/backstage-plugin-deploy-common';
import {
  PlannedStep,
  StepControl,
  StepResult,
} from '@vvp/backstage-plugin-deploy-node';
import { Knex } from 'knex';

/** A step, and who does it. */
export interface NewStep extends PlannedStep {
  /** Key of a {@link StepRunner}: `target`, or a room of this plugin such as `verification`. */
  runner: string;
}

/** An operation that is asked for. */
export interface NewOperation {
  serviceId: string;
  environmentId: string;
  kind: OperationKind;
  lockKey: string;
  /** Entity ref of the person, or `automatic`. */
  requestedBy: string;
  automatic: boolean;
  reason?: string;
  from?: RevisionReference;
  to?: RevisionReference;
  fromReleaseId?: string;
  toReleaseId?: string;
  /** What all of its steps need to know; never a secret. */
  context: JsonObject;
  /** In order. Empty: there is nothing to do, and it succeeds as `already-there`. */
  steps: NewStep[];
  idempotency?: {
    /** Digest of caller and key. */
    key: string;
    /** Digest of the request: another one with the same key is an error. */
    request: string;
  };
}

/** What a runner is told of the operation that its step belongs to. */
export interface RunningOperation {
  id: string;
  serviceId: string;
  environmentId: string;
  kind: OperationKind;
  automatic: boolean;
  requestedBy: string;
  reason?: string;
  from?: RevisionReference;
  to?: RevisionReference;
  fromReleaseId?: string;
  toReleaseId?: string;
  context: JsonObject;
  createdAt: string;
  startedAt?: string;
  /** All of its steps, as planned. */
  steps: readonly NewStep[];
}

/** Does the steps of one kind of runner. Errors are TargetErrors, see there for what each kind leads to. */
export interface StepRunner {
  execute(
    operation: RunningOperation,
    step: NewStep,
    control: StepControl,
  ): Promise<StepResult>;
  /** Called only for steps with `compensates`. */
  compensate(
    operation: RunningOperation,
    step: NewStep,
    control: StepControl,
  ): Promise<void>;
}

/** Where an operation got to, told within the transaction that takes it there. */
export interface OperationTransition {
  operation: RunningOperation;
  status: OperationStatus;
  outcome?: OperationOutcome;
  failure?: Failure;
  at: Date;
}

/** What the engine asks of the rest of the plugin. */
export interface EngineHooks {
  /**
   * Asked before the first step, and again when the operation goes on after it was parked and has changed
   * nothing yet. A failure ends the operation as `failed`, `as-before`.
   */
  admit(operation: RunningOperation): Promise<Failure | undefined>;
  /** Writes what follows from a change of status, in the same transaction. May be called again. */
  onTransition(
    tx: Knex.Transaction,
    transition: OperationTransition,
  ): Promise<void>;
  /** An operation, one of its steps or its log changed; called often, must return at once. */
  onChange(operation: { id: string; serviceId: string }): void;
}
