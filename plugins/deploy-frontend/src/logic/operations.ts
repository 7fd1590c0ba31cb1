import {
  Operation,
  OperationKind,
  OperationOutcome,
  OperationStatus,
  OperationStep,
  OperationSummary,
  RevisionReference,
  StepStatus,
} from '@vvp/backstage-plugin-deploy-common';
import { shortCommit } from './links';
import { shortIds } from './refs';
import { StatusText, Tone } from './status';

/**
 * An operation with or without its logs.
 *
 * @internal
 */
export type AnyOperation = Operation | OperationSummary;

/**
 * What an operation is called.
 *
 * @internal
 */
export const operationTitles: Record<OperationKind, string> = {
  rollback: 'Rollback',
  redeploy: 'Redeployment',
  restart: 'Restart',
  rerun: 'Re-run of failed jobs',
  'rerun-tests': 'Integration tests',
  'force-deploy': 'Forced deployment',
  promote: 'Promotion',
  canary: 'Canary',
};

/**
 * Texts and tones of every state of an operation.
 *
 * @internal
 */
export const operationTexts: Record<OperationStatus, StatusText> = {
  queued: { label: 'Queued', meaning: 'Has not begun yet', tone: 'neutral' },
  running: { label: 'Running', meaning: 'Is under way', tone: 'progress' },
  succeeded: { label: 'Succeeded', meaning: 'Is done', tone: 'success' },
  failed: { label: 'Failed', meaning: 'Did not get there', tone: 'error' },
  cancelled: {
    label: 'Cancelled',
    meaning: 'Was stopped by a person',
    tone: 'neutral',
  },
};

/**
 * Texts and tones of every state of a step.
 *
 * @internal
 */
export const stepTexts: Record<StepStatus, StatusText> = {
  pending: { label: 'Pending', meaning: 'Comes later', tone: 'neutral' },
  running: { label: 'Running', meaning: 'Is under way', tone: 'progress' },
  succeeded: { label: 'Done', meaning: 'Was done', tone: 'success' },
  failed: { label: 'Failed', meaning: 'Could not be done', tone: 'error' },
  skipped: {
    label: 'Skipped',
    meaning: 'There was nothing to do, or an earlier step failed',
    tone: 'neutral',
  },
  compensated: {
    label: 'Undone',
    meaning: 'Was done, and undone after a later failure',
    tone: 'attention',
  },
};

const doneTexts: Record<OperationKind, (to: string) => string> = {
  rollback: to => `Rolled back: ${to} is in place and was verified`,
  redeploy: to => `Redeployed: ${to} is in place and was verified`,
  restart: () => 'Restarted, and verified',
  // The jobs may be held at an environment, which decides how it goes on.
  rerun: () => 'The failed jobs were run again',
  'rerun-tests': () => 'The integration tests passed',
  'force-deploy': () => 'Deployed, and verified',
  promote: to => `Promoted: ${to} is in place and was verified`,
  canary: to => `The traffic to ${to} was moved`,
};

/**
 * How an operation ended, for somebody who reads one sentence.
 *
 * @internal
 */
export interface OutcomeText {
  title: string;
  text?: string;
  tone: Tone;
  /** Somebody has to look at the environment now. */
  loud: boolean;
}

/**
 * Whether nothing will change any more.
 *
 * @internal
 */
export function isOver(operation: Pick<AnyOperation, 'status'>): boolean {
  return operation.status !== 'queued' && operation.status !== 'running';
}

/**
 * Whether what was done is being taken back.
 *
 * @internal
 */
export function isUndoing(operation: AnyOperation): boolean {
  return (
    operation.status === 'running' &&
    operation.steps.some(
      ({ status }) => status === 'failed' || status === 'compensated',
    )
  );
}

/**
 * Where an operation stands, in a word: what undoes is not simply "running".
 *
 * @internal
 */
export function operationStatusText(operation: AnyOperation): StatusText {
  if (operation.outcome === 'unclear') {
    return {
      label: 'Unclear',
      meaning: 'Undoing failed as well; a person has to look',
      tone: 'error',
    };
  }
  if (isUndoing(operation)) {
    return {
      label: 'Undoing',
      meaning: 'Takes back what it did',
      tone: 'attention',
    };
  }
  if (operation.parked && !isOver(operation)) {
    return {
      label: 'Parked',
      meaning: 'Cannot go on right now; it is tried again by itself',
      tone: 'attention',
    };
  }
  return operationTexts[operation.status];
}

/**
 * How an operation ended; nothing while it has not.
 *
 * @internal
 */
export function outcomeText(operation: AnyOperation): OutcomeText | undefined {
  if (!isOver(operation)) {
    return undefined;
  }
  const { kind, environment, outcome, status } = operation;
  const to = referenceText(operation.to) ?? 'what was asked for';
  if (outcome === 'unclear') {
    return {
      title: `Look at ${environment} now`,
      text:
        kind === 'promote'
          ? 'Its run ended badly and is not undone by the portal. Below stands what is known of what runs there now.'
          : 'It failed, and undoing it failed as well. Nobody can say what runs there until somebody has looked.',
      tone: 'error',
      loud: true,
    };
  }
  if (outcome === 'already-there') {
    return {
      title: `Already there: ${to} was serving before`,
      text: 'Nothing was changed.',
      tone: 'success',
      loud: false,
    };
  }
  if (status === 'succeeded') {
    // In place and proven, though something after it is missing: a quarantine, a hold.
    return {
      title: doneTexts[kind](to),
      tone: operation.failure ? 'attention' : 'success',
      loud: false,
    };
  }
  return {
    title: `${operationTitles[kind]} ${
      status === 'cancelled' ? 'cancelled' : 'failed'
    }`,
    text: leftText(operation, outcome),
    tone: status === 'cancelled' ? 'neutral' : 'error',
    loud: false,
  };
}

/**
 * The step that is being done or undone.
 *
 * @internal
 */
export function currentStep<S extends Pick<OperationStep, 'status'>>(
  steps: readonly S[],
): S | undefined {
  return steps.find(({ status }) => status === 'running');
}

/**
 * How many steps are behind it: "3 of 6 steps".
 *
 * @internal
 */
export function progressText(operation: AnyOperation): string {
  const done = operation.steps.filter(
    ({ status }) => status === 'succeeded' || status === 'skipped',
  ).length;
  const all = operation.steps.length;
  return `${done} of ${all} ${all === 1 ? 'step' : 'steps'} done`;
}

/**
 * What a queued operation waits for.
 *
 * @internal
 */
export function aheadText(ahead: number | undefined): string {
  if (!ahead) {
    return 'Is about to begin';
  }
  return ahead === 1
    ? 'Waits for 1 operation that goes first'
    : `Waits for ${ahead} operations that go first`;
}

/**
 * A revision and its release in short: "vvp-issuer--0000007 (v1.4.2, a1b2c3d)". One that is called after its
 * commit is the release: "v1.4.2, a1b2c3d".
 *
 * @internal
 */
export function referenceText(
  reference: RevisionReference | undefined,
): string | undefined {
  const { revision, version, commit } = reference ?? {};
  const release = [version, commit && shortCommit(commit)]
    .filter(Boolean)
    .join(', ');
  if (revision && release && revision !== commit) {
    return `${revision} (${release})`;
  }
  return release || (revision && shortIds(revision));
}

/**
 * When an operation began to take time, and when it ended.
 *
 * @internal
 */
export function operationTimes(operation: AnyOperation): {
  from: string;
  to?: string;
} {
  return {
    from: operation.startedAt ?? operation.createdAt,
    to: operation.finishedAt,
  };
}

/**
 * What stopping an operation would do.
 *
 * @internal
 */
export function cancelText(operation: AnyOperation): string {
  if (operation.status === 'queued') {
    return 'It has not begun: nothing was changed, and nothing will be.';
  }
  const done = operation.steps.filter(
    ({ status }) => status === 'succeeded',
  ).length;
  return done === 0
    ? 'It stops before its next step and undoes what it may have begun. The environment is then as before.'
    : `It stops before its next step and undoes what it did, in reverse order. The environment is then as before.`;
}

/**
 * Whether somebody can still ask it to stop.
 *
 * @internal
 */
export function canBeCancelled(operation: AnyOperation): boolean {
  return (
    !isOver(operation) && !operation.cancelRequested && !isUndoing(operation)
  );
}

function leftText(
  operation: AnyOperation,
  outcome: OperationOutcome | undefined,
): string | undefined {
  if (outcome !== 'as-before') {
    return undefined;
  }
  if (operation.kind === 'rerun-tests') {
    return 'Nothing was changed.';
  }
  const from = referenceText(operation.from);
  const serving = from ? ` ${from} serves.` : '';
  return operation.steps.some(({ status }) => status === 'compensated')
    ? `Everything is as before: what was changed was undone.${serving}`
    : `Everything is as before: nothing was changed.${serving}`;
}
