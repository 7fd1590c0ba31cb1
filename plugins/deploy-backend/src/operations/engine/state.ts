import { JsonObject } from '@backstage/types';
import {
  Failure,
  OperationOutcome,
  OperationStatus,
  StepStatus,
} from '@vvp/backstage-plugin-deploy-common';
import { NewStep } from './types';

/** Default of {@link PlannedStep.timeoutSeconds}. */
export const DEFAULT_TIMEOUT_SECONDS = 300;

/** A step and where it stands. Times are ISO 8601. */
export interface StepState {
  readonly plan: NewStep;
  readonly status: StepStatus;
  readonly attempts: number;
  /** How often undoing it was begun. */
  readonly compensationAttempts: number;
  readonly memory: JsonObject;
  readonly output?: JsonObject;
  readonly failure?: Failure;
  readonly startedAt?: string;
  /** End of the time limit: of doing it, and once that is begun, of undoing it. */
  readonly deadlineAt?: string;
  readonly finishedAt?: string;
  readonly undoneAt?: string;
}

/** Why an operation waits for credentials. */
export interface Parked extends Failure {
  since: string;
  /** When it was parked last: it is parked again by each attempt that finds no credentials. */
  at: string;
  /** Since when it is being tried again. */
  resumedAt?: string;
  /** How many attempts in a row have ended so. */
  attempts?: number;
}

/** All of an operation that its steps change. */
export interface OperationState {
  readonly status: OperationStatus;
  readonly phase: 'forward' | 'compensating';
  /** Not before this time it goes on. */
  readonly dueAt: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly cancelRequested?: { by: string; at: string };
  readonly parked?: Parked;
  readonly outcome?: OperationOutcome;
  /** While compensating: what was the cause; absent if it is being cancelled. */
  readonly failure?: Failure;
  readonly steps: readonly StepState[];
}

/** The attempt that comes next. */
export interface NextAttempt {
  do: 'execute' | 'undo';
  /** Position of the step. */
  step: number;
}

/** Whether nothing more happens. */
export function isOver(state: OperationState): boolean {
  return state.status !== 'queued' && state.status !== 'running';
}

/** The time limit of a step, in milliseconds. */
export function timeLimitOf(step: StepState): number {
  return (step.plan.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000;
}

/** An operation with one of its steps changed. */
export function withStep(
  state: OperationState,
  position: number,
  change: Partial<StepState>,
): OperationState {
  return {
    ...state,
    steps: state.steps.map((step, index) =>
      index === position ? { ...step, ...change } : step,
    ),
  };
}
