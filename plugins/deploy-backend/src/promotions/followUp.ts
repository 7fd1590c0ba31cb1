import {
  actorOf,
  DeploymentStatus,
  Failure,
  OperationStatus,
  PromotionInput,
  PromotionStatus,
} from '@vvp/backstage-plugin-deploy-common';

/** How long a promotion waits for its deployment to begin, once it was let through. */
const BEGIN_MS = 6 * 60 * 60 * 1000;

/** The last events of a run may come after the one that it ended. */
const AFTER_RUN_MS = 10 * 60 * 1000;

/** What came of a promotion that was let through, as far as is known. */
export interface Outcome {
  /** The newest deployment of the release into the environment since it was asked for. */
  deployment?: {
    status: DeploymentStatus;
    url?: string;
    rolledBack?: { by: string; reason: string };
  };
  /** The operation that carries it out, if one does. */
  operation?: {
    status: OperationStatus;
    failure?: Failure;
    /** The run that it dispatched was cancelled at GitHub. Absent: no, or nobody knows. */
    runCancelled?: boolean;
  };
  /** When the run that waited for it ended, ISO 8601; absent: it goes on, or none is known. */
  runEndedAt?: string;
  /** How the watch over the deployment stands; absent: nobody watches. */
  watch?: { state: string; note?: string };
}

/** What a promotion is told of what became of it; undefined: nothing new. */
export function followUp(
  promotion: { status: PromotionStatus; decidedAt: string },
  { deployment, operation, runEndedAt, watch }: Outcome,
  now: Date,
): PromotionInput | undefined {
  const at = now.toISOString();
  if (deployment?.status === 'rolled_back') {
    const { by, reason } = deployment.rolledBack ?? {};
    return {
      type: 'rolled-back',
      at,
      ...(by && { by }),
      text:
        by && reason
          ? `It was rolled back by ${actorOf(by)}: ${reason}`
          : 'It was rolled back.',
    };
  }
  if (promotion.status === 'executing') {
    return followExecuting(
      promotion.decidedAt,
      {
        ...(deployment && { deployment }),
        ...(operation && { operation }),
        ...(runEndedAt && { runEndedAt }),
      },
      now,
    );
  }
  if (promotion.status === 'verifying') {
    return followVerifying({ ...(watch && { watch }) }, at);
  }
  return undefined;
}

function followExecuting(
  decidedAt: string,
  { deployment, operation, runEndedAt }: Outcome,
  now: Date,
): PromotionInput | undefined {
  const at = now.toISOString();
  const isUnderWay =
    operation?.status === 'queued' || operation?.status === 'running';
  switch (deployment?.status) {
    case 'succeeded':
    case 'superseded':
      if (isUnderWay) {
        // Other jobs of its run go on.
        return undefined;
      }
      if (operation?.status === 'failed') {
        return { type: 'fail', at, failure: failureOf(operation) };
      }
      return { type: 'deployed', at };
    case 'failed':
    case 'errored':
      if (isUnderWay) {
        // It looks yet what the run left.
        return undefined;
      }
      if (operation?.failure) {
        return { type: 'fail', at, failure: operation.failure };
      }
      return {
        type: 'fail',
        at,
        failure: {
          message:
            deployment.status === 'failed'
              ? 'The deployment failed.'
              : 'The pipeline broke during the deployment.',
          remedy: `Look at the run${
            deployment.url ? `: ${deployment.url}` : ''
          }. What ran before may still run; roll back if it does not. Then ask again.`,
        },
      };
    case 'cancelled':
      return {
        type: 'withdraw',
        at,
        rejected: false,
        text: 'The deployment was cancelled.',
      };
    default:
  }
  if (operation?.status === 'succeeded' && !deployment) {
    return { type: 'deployed', at };
  }
  if (operation?.status === 'failed' || operation?.status === 'cancelled') {
    return operation.status === 'cancelled' || operation.runCancelled
      ? {
          type: 'withdraw',
          at,
          rejected: false,
          text:
            operation.status === 'cancelled'
              ? 'The operation was cancelled.'
              : 'The run was cancelled at GitHub.',
        }
      : { type: 'fail', at, failure: failureOf(operation) };
  }
  if (
    !deployment &&
    !operation &&
    runEndedAt &&
    // An earlier attempt of the run may have ended before.
    Date.parse(runEndedAt) > Date.parse(decidedAt) &&
    now.getTime() - Date.parse(runEndedAt) > AFTER_RUN_MS
  ) {
    // A job may be let into an environment that it never brings anything to.
    return {
      type: 'withdraw',
      at,
      rejected: false,
      text: 'The run that it was let in with ended, and deployed nothing of this service here.',
    };
  }
  // One that still waits at GitHub has not begun.
  const hasBegun =
    deployment?.status === 'in_progress' || operation !== undefined;
  return !hasBegun && now.getTime() - Date.parse(decidedAt) > BEGIN_MS
    ? {
        type: 'fail',
        at,
        failure: {
          message: 'It was let through, and no deployment began.',
          remedy: 'Look whether the run still waits at GitHub, and ask again.',
        },
      }
    : undefined;
}

function failureOf({ failure }: NonNullable<Outcome['operation']>): Failure {
  return failure ?? { message: 'The operation failed.' };
}

function followVerifying(
  { watch }: Outcome,
  at: string,
): PromotionInput | undefined {
  switch (watch?.state) {
    case 'healthy':
      return { type: 'verified', at };
    case undefined:
      return {
        type: 'verified',
        at,
        unjudged: 'Nobody watches what is deployed there: it was not judged.',
      };
    case 'replaced':
      return {
        type: 'verified',
        at,
        unjudged: 'Another one replaced it before it was judged.',
      };
    case 'unjudged':
      return {
        type: 'verified',
        at,
        unjudged: `It was not judged${
          watch.note ? `: ${watch.note}` : ', as nobody could look.'
        }`,
      };
    case 'watching':
    case 'rolled-back':
      // A rollback shows in the deployment.
      return undefined;
    default:
      return {
        type: 'fail',
        at,
        failure: {
          message:
            watch?.note ??
            'The release did not prove good after its deployment.',
          remedy: 'Look at the diagnostics, and roll back if it has to go.',
        },
      };
  }
}
